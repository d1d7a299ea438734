"""Sealed grading: the student's code in a sandbox, the tests outside, plain values between them.

Inside the sandbox run `jail` (gives up rights), `inside` (loads the notebook, answers calls) and `wire`
(values to bytes and back, used by both sides). Outside are `sandbox` (starts the jailed process),
`session` (load, fork, call, kill) and `standins` (what a test gets for a student's function).
"""
