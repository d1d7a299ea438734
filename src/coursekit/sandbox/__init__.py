"""Sealed grading: the student's code in a sandbox, the tests outside, plain values between them.

In the sandbox, from the folder `inside`: `jail` (gives up rights), `server` (loads the notebook, answers calls) and,
used by both sides, `wire` (values to bytes and back) and `operations` (what can be asked). Outside: `backends` (starts
the jailed process), `loading` (load, fork, end), `fork` (a test case's calls, over its `channel`), `proxies` (what a
test holds in place of a student's object), `readings` and `ownership` (what is known of such objects).
"""
