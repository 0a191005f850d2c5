"""`outreach publish`: what is approved and due goes out, once; everything else says why not."""

from outreach.tasks.publishing.orders import PublishOrder, PublishResult
from outreach.tasks.publishing.publishing import publish
