"""Ends its process while the notebook loads, after saying that all is loaded, and again at each restart.

Holds: a cell that ends the process is left out on the next try, restarts are counted, and there is a result.
"""

import gc
import os
import socket
import threading
import time

import wire

for found in [thing for thing in gc.get_objects() if type(thing) is socket.socket and thing.fileno() > 2]:
    wire.send(found, {"op": "loaded", "names": FUNCTIONS})


def later():
    time.sleep(0.5)
    os._exit(0)


threading.Thread(target=later).start()
time.sleep(1)
