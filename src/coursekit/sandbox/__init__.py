"""Sealed grading: the student's code in a sandbox, the tests outside, plain values between them.

A kind of sandbox is one class in a file of its own:
    base         what all kinds do in the same way; the theory of operation
    bubblewrap   namespaces of its own
    landlock     the kernel refuses what is not its own
    unsealed     none
    choose       which kinds there are; the strongest that works here
What a kind is made of:
    mounts       what can be reached: a table of rules
    seccomp      the system calls that may be made
    decoys       what `check` lays out for the probes that try to get out
    remedies     what to do where one of them does
A sandbox at work:
    process      started: messages and files in, an end to all of it
    sending      a submission's files on their way in
    output       what it prints
    loading      a notebook in it: its cells run once, and each test case gets a fork
    fork         a test case's calls, over its channel
    channel      messages to the fork and back, checked
    proxies      what a test holds in place of a student's objects
    readings     what it has read of them since the last call
    ownership    which of them the test made of the assignment's classes
    raised       exceptions in a student's code
Inside run `jail` (gives up rights), then `server` (takes files, loads the notebook, answers calls) or `probes`, with
`wire` (values to bytes and back) and `operations` (what can be asked), which both sides use.
"""
