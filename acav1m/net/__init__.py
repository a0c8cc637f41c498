"""Get media over the network: the only code that speaks to others.

`http` fetches one file, `gate` paces all that is asked of a host, `pool` fetches several at once.
Nothing here knows recipes or ledgers.
"""
