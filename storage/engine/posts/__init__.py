"""One commits for all: the others post what would change something.

following.py     what those do that do not lead
posting.py       a post, and what is heard of it
inbox.py         what the leader takes in, and answers
leadership.py    which one leads: advice that the head carries
"""
