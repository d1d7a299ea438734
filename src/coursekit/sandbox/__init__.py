"""Sealed grading: the student's code runs in a sandbox, the tests outside; only plain values pass between them.

A kind of sandbox is one class in a file of its own:
    base         the common part of all kinds; how it works
    bubblewrap   its own namespaces
    landlock     the kernel refuses access to everything else
    unsealed     none
    choose       the kinds, and the strongest that works here
Parts of a kind:
    mounts       the files that can be reached: a table of rules
    seccomp      the system calls that are allowed
    decoys       bait that `check` puts out for the probes that try to get out
    remedies     what to do if one of them gets out
A sandbox at work:
    process      a running sandbox: send messages and files, end it
    sending      a submission's files on their way in
    printed      what it prints
    loading      a notebook in it: its cells run once, and each test case gets a fork
    fork         a test case's calls, over its channel
    channel      messages to the fork and back, checked
    proxies      stand for a student's objects in a test
    readings     what the test has read of them since the last call
    ownership    which of them the test made from the assignment's classes
    raised       exceptions in a student's code
Inside run `jail` (gives up rights), then `server` (takes files, loads the notebook, answers calls) or `probes`, with
`wire` (values to bytes and back) and `operations` (the possible requests), which both sides use.
"""
