"""Prints and raises HTML, script, style, templates and Markdown, also as names of exceptions, functions and files.

Holds: all text from a student is shown as text in feedback, table and gradebook.
"""

HTML = """</pre></script><script>alert(document.cookie)</script><img src=x onerror=alert(1)>
<style>*{display:none}</style>
<a href="javascript:alert(1)">x</a><iframe srcdoc="<script>top.alert(1)</script>"></iframe>
{{7*7}}{% raw %}${7*7}[bold red]x[/]
<meta http-equiv="refresh" content="0;url=//example.invalid">&#0;<!-- ]]> -->`]('"><svg/onload=alert(1)>"""
Named = type(HTML, (ValueError,), {})

print(HTML)


def show(*arguments, **keywords):
    print(HTML)
    code = compile(f"raise error  # {HTML.splitlines()[0]}", f"<script>{HTML[:80]}", "exec")
    exec(code.replace(co_name=HTML[:90]), {"error": Named(HTML)})


functions_do(show)
raise Named(HTML)
