"""`outreach send`: sends once what is approved, due and allowed; everything else says why not."""

from outreach.tasks.sending.orders import Asking, SendOrder, SendResult
from outreach.tasks.sending.sending import name_the_wave, send
