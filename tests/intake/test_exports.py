"""The exports of the tools that campaigners come from: who opted out or bounced there is held here, and nobody else.

The columns and values are those of Mailchimp, CiviCRM, Mautic, HubSpot, Salesforce, Brevo, Google Contacts, Outlook and
Thunderbird; the people are invented. Whose address begins with `ok` may be written to.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.command import outreach

EXPORTS = {
    "unsubscribed_email_audience_export_1a2b3c.csv": (
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
        "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,"
        "UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\n"
        "mia@p.example,Mia,Berg,2,2024-01-01 10:00:00,,,,,,,,,de,,2025-02-02 10:00:00,Newsletter,abc,"
        "NO_LONGER_INTERESTED,,1,2,,\n"
    ),
    "cleaned_email_audience_export_1a2b3c.csv": (
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,"
        "CLEAN_CAMPAIGN_ID,LEID\n"
        "mia@p.example,Mia,Berg,2,2024-01-01,2025-02-02,Newsletter,abc,1\n"
    ),
    "subscribed_email_audience_export_1a2b3c.csv": (
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,TAGS\n"
        'ok@p.example,Jo,Berg,2,2024-01-01 10:00:00,2024-01-01,1,"""VIP"""\n'
    ),
    "civi.csv": (
        "Contact ID,Contact Type,Sort Name,Display Name,Do Not Email,Do Not Phone,Do Not Mail,Do Not Sms,"
        "Do Not Trade,Is Deceased,No Bulk Emails (User Opt Out),Email,On Hold,On Hold Date,"
        "Street Address,City,Country\n"
        '1,Individual,"Berg, Mia",Mia Berg,1,0,0,0,0,0,0,a1@p.example,0,,x,y,Belgium\n'
        "2,Organization,Org B,Org B,0,0,0,0,0,0,1,a2@p.example,0,,x,y,Belgium\n"
        "3,Organization,Org C,Org C,0,0,0,0,0,0,0,a3@p.example,1,2025-01-01,x,y,Belgium\n"
        "4,Organization,Org D,Org D,Yes,No,No,No,No,No,No,a4@p.example,No,,x,y,Belgium\n"
        '5,Individual,"Q, Z",Z Q,0,0,0,0,0,1,0,a5@p.example,0,,x,y,Belgium\n'
        "6,Organization,Org E,Org E,0,0,0,0,0,0,0,a6@p.example,On Hold Opt Out,,x,y,Belgium\n"
        "7,Organization,Org F,Org F,0,1,1,1,1,0,0,ok@p.example,0,,x,y,Belgium\n"
        "8,Organization,Org G,Org G,No,Yes,Yes,No,No,No,No,ok2@p.example,No,,x,y,Belgium\n"
    ),
    "mautic.csv": (
        "id,is_published,date_added,title,firstname,lastname,company,position,email,phone,doNotContact,"
        "points\n"
        "1,1,2024-01-01,,Mia,Berg,Org A,,a1@p.example,,1,0\n"
        "2,1,2024-01-01,,Mia,Bork,Org B,,a2@p.example,,TRUE,0\n"
        "3,1,2024-01-01,,Mia,Bark,Org C,,ok@p.example,,0,10\n"
    ),
    "mautic-report.csv": (
        "Contact ID,First name,Last name,Email,DNC,DNC Reason,Date DNC\n"
        "1,Mia,Berg,a1@p.example,email,Unsubscribed,2025-01-01\n"
        "2,Mia,Bork,a2@p.example,email,Bounced,2025-01-01\n"
        "3,Mia,Bark,ok@p.example,,,\n"
    ),
    "hubspot.csv": (
        "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Lead Status,"
        "Marketing contact status,Unsubscribed from all email,Opted out of email: Newsletter,"
        "Email hard bounce reason,Invalid email address,Email Address Quarantined,"
        "Legal basis for processing contact's data,Create Date,Associated Company\n"
        "1,Mia,Berg,a1@p.example,,Lead,New,Marketing contact,Yes,,,,,,2024-01-01,Org A\n"
        "2,Mia,Bork,a2@p.example,,Lead,New,Marketing contact,,true,,,,,2024-01-01,Org B\n"
        "3,Mia,Bark,a3@p.example,,Lead,New,Marketing contact,,,UNKNOWN_USER,,,,2024-01-01,Org C\n"
        "4,Mia,Birk,a4@p.example,,Lead,New,Marketing contact,,,,true,,,2024-01-01,Org D\n"
        "5,Mia,Burk,a5@p.example,,Lead,New,Marketing contact,,,,,true,,2024-01-01,Org E\n"
        "6,Mia,Byrk,ok@p.example,,Lead,New,Marketing contact,No,false,,false,false,"
        "Legitimate interest – prospect/lead,2024-01-01,Org F\n"
    ),
    "salesforce.csv": (
        "Id,Salutation,FirstName,LastName,Account Name,Title,Email,HasOptedOutOfEmail,HasOptedOutOfFax,"
        "DoNotCall,EmailBouncedReason,EmailBouncedDate,MailingStreet,MailingCity,MailingCountry,"
        "Description\n"
        "003A,Ms.,Mia,Berg,Org A,Director,a1@p.example,true,false,false,,,x,y,Belgium,\n"
        "003B,Ms.,Mia,Bork,Org B,Director,a2@p.example,1,0,0,,,x,y,Belgium,\n"
        "003C,Ms.,Mia,Bark,Org C,Director,a3@p.example,false,false,false,550 no such user,"
        "2025-01-01T00:00:00.000Z,x,y,Belgium,\n"
        "003E,Ms.,Mia,Borl,Org E,Director,a4@p.example,false,false,false,,,x,y,Belgium,"
        "Please do not email\n"
        "003D,Ms.,Mia,Burk,Org D,Director,ok@p.example,false,true,true,,,x,y,Belgium,good friend\n"
    ),
    "salesforce-report.csv": (
        "First Name,Last Name,Account Name,Email,Email Opt Out,Fax Opt Out,Do Not Call\n"
        "Mia,Berg,Org A,a1@p.example,1,0,0\n"
        "Mia,Bork,Org B,ok@p.example,0,1,1\n"
    ),
    "brevo.csv": (
        "CONTACT ID;EMAIL;LASTNAME;FIRSTNAME;SMS;OPT_IN;DOUBLE_OPT-IN;ADDED_TIME;MODIFIED_TIME;"
        "email_marketing;sms_marketing\n"
        "1;a1@p.example;Berg;Mia;;;1;01-01-2024;01-01-2025;Unsubscribed;Subscribed\n"
        "2;a2@p.example;Bork;Mia;;;1;01-01-2024;01-01-2025;Blocklisted;\n"
        "3;ok@p.example;Bark;Mia;;;1;01-01-2024;01-01-2025;Subscribed;Unsubscribed\n"
    ),
    "brevo2.csv": (
        "EMAIL,FIRSTNAME,LASTNAME,BLACKLISTED,EMAIL_BLACKLISTED,SMS_BLACKLISTED\n"
        "a1@p.example,Mia,Berg,1,,\n"
        "a2@p.example,Mia,Bork,,true,\n"
        "ok@p.example,Mia,Bark,0,0,1\n"
    ),
    "google.csv": (
        "First Name,Middle Name,Last Name,Phonetic First Name,Organization Name,Organization Title,Notes,"
        "Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n"
        "Mia,,Berg,,Org A,,,Do not email ::: * myContacts,* Work,a1@p.example,,\n"
        "Mia,,Bork,,Org B,,unsubscribed 2024,* myContacts,* Work,a2@p.example,,\n"
        "Mia,,Bark,,Org C,,met in May,Press ::: * myContacts,* Work,ok@p.example,,\n"
    ),
    "google-old.csv": (
        "Name,Given Name,Family Name,Group Membership,Notes,E-mail 1 - Type,E-mail 1 - Value,"
        "Organization 1 - Name\n"
        "Mia Berg,Mia,Berg,* myContacts ::: Opted out,,* Work,a1@p.example,Org A\n"
        "Mia Bork,Mia,Bork,* myContacts,,* Work,ok@p.example,Org B\n"
    ),
    "outlook.csv": (
        "First Name,Last Name,Company,Job Title,E-mail Address,E-mail Display Name,Categories,Notes,"
        "Sensitivity,Business Phone\n"
        "Mia,Berg,Org A,,a1@p.example,Mia Berg,Do Not Contact;Press,,Normal,\n"
        "Mia,Bork,Org B,,a2@p.example,Mia Bork,Press,Wants no more mail,Normal,\n"
        "Mia,Birk,Org D,,a3@p.example,Mia Birk,Unsubscribed,,Normal,\n"
        "Mia,Bark,Org C,,ok@p.example,Mia Bark,Press,,Private,\n"
    ),
    "thunderbird.csv": (
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,"
        "Job Title,Department,Organization,Web Page 1,Birth Year,Custom 1,Custom 2,Custom 3,Custom 4,"
        "Notes\n"
        "Mia,Berg,Mia Berg,,a1@p.example,,,,,,Org A,,,do not mail,,,,\n"
        "Mia,Bork,Mia Bork,,a2@p.example,,,,,,Org B,,,,,,,has opted out\n"
        "Mia,Bark,Mia Bark,,ok@p.example,,,,,,Org C,,,friend,,,,\n"
    ),
}


@pytest.mark.parametrize("name", list(EXPORTS))
def test_who_opted_out_elsewhere_is_held_here(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(EXPORTS[name], encoding="utf-8")
    outreach("init", str(tmp_path / "new"), "--from", str(tmp_path / name))
    held, free = set(), set()
    for file in (tmp_path / "new/contacts").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        no = re.search(r"^do_not_contact: (?!false)", text, re.M)
        (held if no else free).update(re.findall(r"\w+@p\.example", text))
    addresses = set(re.findall(r"\w+@p\.example", EXPORTS[name]))
    assert held == {address for address in addresses if not address.startswith("ok")}
    assert free == addresses - held
