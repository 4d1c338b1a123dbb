// Requests and inputs that are wrong in some way, each with what is due to it. The same ones every time.

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function numbersFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const NO_NUMBERS = ["x", "1_000", "0x10", "1e", "--1", "1 2", "١", "12\u0000", "true", "null", "1;2", "\ud800", "🌵", "${7*7}", "' OR 1=1 --", "1e400", "-Infinity", "inf", "+1e39"];
const NO_OBJECTS = ["null", "true", "1", '"1,2"', "[]", '["1,106,70,28,135,34.2,0.142,22"]', "-0", "[[[]]]"];
const NO_TEXTS = [null, 1, true, [], {}, [1, 106, 70, 28, 135, 34.2, 0.142, 22], { data: "1" }, [["a"]]];
const NO_JSON = ["", " ", "{", "}", "{'data':1}", '{"data":"1}', "nul", "\u0000", "{\"data\":NaN}", "<xml/>", "data=1", '{"data":"\n"}', "[".repeat(20_000), '{"a":'.repeat(9_000)];
// Those that HTTP has: Node reads no others.
const METHODS = ["PUT", "PATCH", "DELETE", "PROPFIND"];
const TYPES = [null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application", "json", "application/jsonp", "text/json", ";application/json", "application/xml+json2"];
const PATHS = ["/", "/katana-ml", "/katana-ml/api/v1.0/diabetes/", "/KATANA-ML/api/v1.0/diabetes", "/katana-ml/api/v1.0/diabetes%20", "/katana-ml/api/v2.0/diabetes", "/__proto__", "/constructor", "/%", "/%00", "/katana-ml//api/v1.0/diabetes", "/katana-ml/api/v1.0/../diabetes"];

/** `count` requests, `{ status, method, path, contentType, body }`; what a request does not say is the contract's, and a `contentType` of null is none. */
export function* hostileRequests(count, seed = 1) {
  const random = numbersFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const one = (list) => list[below(list.length)];
  const fields = () => Array.from({ length: 8 }, () => one(["1", "0", "nan", "", "34.2", "1e3", " 7 ", "-5"]));
  const withData = (data) => JSON.stringify({ data });
  const makers = [
    // Not as many fields as there should be.
    () => ({ status: 400, body: withData(Array.from({ length: one([1, 2, 7, 9, 100, 9_000]) }, () => "1").join(",")) }),
    () => {
      const row = fields();
      row[below(8)] = one(NO_NUMBERS);
      return { status: 400, body: withData(row.join(",")) };
    },
    () => ({ status: 400, body: withData(one(["", " ", "\t\r\n", ",", "a,b,c"])) }),
    () => ({ status: 400, body: one(NO_OBJECTS) }),
    () => ({ status: 400, body: JSON.stringify({ data: one(NO_TEXTS) }) }),
    () => ({ status: 400, body: JSON.stringify({ [one(["Data", "", "__proto__", "values", "dat"])]: fields().join(",") }) }),
    () => ({ status: 400, body: one(NO_JSON) }),
    // A good body that is cut short, or has bytes that are no text in it.
    () => {
      const whole = withData(fields().join(","));
      return { status: 400, body: whole.slice(0, below(whole.length)) };
    },
    () => {
      const bytes = new TextEncoder().encode(withData(fields().join(",")));
      bytes[below(bytes.length)] = 0x80 + below(0x80);
      return { status: 400, body: bytes };
    },
    () => ({ status: 400, body: Uint8Array.from({ length: 1 + below(300) }, () => 0x80 + below(0x80)) }),
    () => ({ status: 413, body: withData(fields().join(",")).padEnd(65_537 + below(50_000)) }),
    () => ({ status: 415, contentType: one(TYPES), body: new TextEncoder().encode(withData(fields().join(","))) }),
    () => ({ status: 405, method: one(METHODS), body: withData(fields().join(",")) }),
    () => ({ status: 405, path: "/katana-ml/api/v1.0/openapi.json", method: one(["POST", ...METHODS]), body: "{}" }),
    () => ({ status: 404, path: one(PATHS), body: withData(fields().join(",")) }),
  ];
  for (let index = 0; index < count; index += 1) {
    yield one(makers)();
  }
}

const NO_VALUES = ["106", {}, [], 1n, Symbol("x"), () => 1, Infinity, -Infinity, 1e39, new Date(0)];
const NO_ROWS = [undefined, null, 0, 1n, true, Symbol("x"), () => 1, "", " ", ",", "a", {}, [], new Float32Array(7), new Float64Array(9), new Map(), new Date(0)];

/** `count` inputs for `predict`, none of which can be answered. `names` are the model's features. */
export function* hostileInputs(names, count, seed = 2) {
  const random = numbersFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const one = (list) => list[below(list.length)];
  const row = () => names.map(() => one([1, 0, NaN, null, undefined, 34.2, -5]));
  const spoilt = () => {
    const values = row();
    values[below(values.length)] = one(NO_VALUES);
    return values;
  };
  const makers = [
    () => one(NO_ROWS),
    spoilt,
    () => Object.fromEntries(spoilt().map((value, index) => [names[index], value])),
    () => ({ [one(["Glucose", "", "glucose ", "toString", "__proto__x"])]: 1, glucose: 106 }),
    () => [...row(), ...Array.from({ length: 1 + below(20) }, () => 1)],
    () => row().slice(0, below(names.length)),
    () => names.map((_, index) => (index === below(8) ? "1" : one(NO_NUMBERS))).join(","),
    () => Float64Array.from(row().map((value, index) => (index === 7 ? one([Infinity, -Infinity, 1e300]) : Number(value)))),
    () => ({ data: one(["", "1", "1,2,3,4,5,6,7,8,9", "x,1,1,1,1,1,1,1"]) }),
  ];
  for (let index = 0; index < count; index += 1) {
    yield one(makers)();
  }
}

/** `count` model files that are `bytes` with some of it wrong. */
export function* hostileModels(bytes, count, seed = 3) {
  const random = numbersFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  for (let index = 0; index < count; index += 1) {
    const spoilt = bytes.slice(0, index % 2 === 0 ? bytes.length : below(bytes.length));
    for (let times = 1 + below(4); times > 0 && spoilt.length > 0; times -= 1) {
      spoilt[below(spoilt.length)] ^= 1 << below(8);
    }
    yield spoilt;
  }
}
