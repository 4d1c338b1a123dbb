"""The Flask service that Wardian's REST contract mirrors, for replaying requests against.

    python tests/oracle/reference_service.py [--port PORT]

Prints `listening on http://127.0.0.1:PORT` once it answers.
"""

import argparse
import pickle

import pandas
import pipeline
from flask import Flask, request
from flask_cors import CORS
from werkzeug.serving import WSGIRequestHandler, make_server

# The original kept its model in a pickle; so does this, or a difference that pickling makes would go unseen.
model = pickle.loads(pickle.dumps(pipeline.build()))

app = Flask(__name__)
CORS(app)


@app.post("/katana-ml/api/v1.0/diabetes")
def diabetes():
    values = [float(part) for part in request.get_json()["data"].split(",")]
    frame = pandas.DataFrame([values], columns=pipeline.COLUMNS)
    # A str makes Flask say text/html, though the text is JSON; ours says application/json.
    return '{"prediction":' + str(model.predict_proba(frame)[0][1]) + "}"


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    server = make_server("127.0.0.1", parser.parse_args().port, app, threaded=True, request_handler=QuietHandler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
