"""`contacts/` -> Contacts, out of YAML and CSV."""

from outreach.files.contacts.loading import load_contacts

__all__ = ["load_contacts"]
