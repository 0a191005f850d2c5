"""The command line, one module per noun: parse, call one task, print.

A command makes many things and few cycles. Looking for cycles took a tenth of it, and at its end as long again.
"""

import atexit
import gc

gc.set_threshold(200_000, 20, 20)
atexit.register(gc.freeze)  # what still is there when Python ends is let go without being looked through
