"""The formats of others: GIFT, Moodle XML and QTI, out and in, each with a report of what did not come through."""
