//! The REST contract, answered with no server.

use wardian::contract::{DESCRIPTION_PATH, LONGEST_BODY, PATH, Payload, Request, Response, answer};
use wardian::{decimal, diabetes};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{EXAMPLE, example_probability};

fn ask(request: Request<'_>, payload: Payload) -> Response {
    answer(diabetes(), &request, payload)
}

fn post() -> Request<'static> {
    Request {
        method: "POST",
        path: PATH,
        query: None,
        content_type: Some("application/json"),
        requested_headers: None,
        body_length: 2,
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_ref())
}

#[wasm_bindgen_test(unsupported = test)]
fn the_example_is_answered_as_flask_answered_it() {
    for content_type in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"] {
        let request = Request { content_type: Some(content_type), ..post() };
        let response = ask(request, Payload::Data(EXAMPLE.to_owned()));
        assert_eq!(response.status, 200);
        assert_eq!(response.body, format!("{{\"prediction\":{}}}", example_probability()));
        assert_eq!(header(&response, "content-type"), Some("application/json"));
        assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_of_several_outputs_is_answered_with_all_of_them() {
    let model = wardian::format::read(include_bytes!("../golden/classes.wardian")).expect("a golden file");
    let row = include_str!("../golden/classes.rows.csv").lines().next().expect("a row");
    let response = answer(&model, &post(), Payload::Data(row.to_owned()));
    let expected = model.predict(&model.schema().row_from_text(row).expect("a golden row")).values;
    assert_eq!(expected.len(), 3);
    let expected: Vec<String> = expected.all().texts().collect();
    assert_eq!(response.body, format!("{{\"prediction\":[{}]}}", expected.join(",")));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_preflight_is_allowed() {
    let request = Request { method: "OPTIONS", content_type: None, ..post() };
    let response = ask(request, Payload::Malformed);
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert_eq!(header(&response, "access-control-allow-methods"), Some("OPTIONS, POST"));
    assert_eq!(header(&response, "access-control-allow-headers"), Some("content-type"));
    // What flask-cors 6.0 answers: names as they are asked for, in order.
    for (asked, allowed) in [
        ("authorization", "authorization"),
        ("x-b,  X-A ,content-type", "X-A, content-type, x-b"),
        ("", "content-type"),
    ] {
        let response = ask(Request { requested_headers: Some(asked), ..request }, Payload::Malformed);
        assert_eq!(header(&response, "access-control-allow-headers"), Some(allowed), "{asked}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn many_rows_are_answered_in_their_order() {
    let rows = |rows: &[&str]| Payload::Rows(rows.iter().map(|&row| row.to_owned()).collect());
    let other = "6,148,72,35,0,33.6,0.627,50";
    let single = |row: &str| {
        let body = ask(post(), Payload::Data(row.to_owned())).body;
        body.trim_start_matches("{\"prediction\":").trim_end_matches('}').to_owned()
    };
    let response = ask(post(), rows(&[EXAMPLE, other]));
    assert_eq!(response.status, 200);
    assert_eq!(response.body, format!("{{\"predictions\":[{},{}]}}", single(EXAMPLE), single(other)));
    assert_eq!(ask(post(), rows(&[])), ask(post(), Payload::DataNotText));
    let bad = ask(post(), rows(&[EXAMPLE, &EXAMPLE.replace("106", "high")])).body;
    assert!(bad.contains("\"detail\":\"row 2, glucose: \\\"high\\\" is not a number\",\"code\":\"not_a_number\",\"field\":\"glucose\""), "{bad}");
    let empty = ask(post(), rows(&[EXAMPLE, ""])).body;
    assert!(empty.contains("\"detail\":\"row 2: no values given; 8 are needed\",\"code\":\"empty_input\"}"), "{empty}");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_contract_describes_itself() {
    let about =
        |method| ask(Request { method, path: DESCRIPTION_PATH, content_type: None, ..post() }, Payload::Malformed);
    let response = about("GET");
    assert_eq!((response.status, header(&response, "content-type")), (200, Some("application/json")));
    assert_eq!(response.body, include_str!("../../models/diabetes/openapi.json"));
    assert_eq!(about("HEAD").body, "");
    assert_eq!(header(&about("OPTIONS"), "access-control-allow-methods"), Some("GET, HEAD, OPTIONS"));
    let response = about("POST");
    assert_eq!((response.status, header(&response, "allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[wasm_bindgen_test(unsupported = test)]
fn problems_have_their_status_and_say_why() {
    let data = |text: &str| Payload::Data(text.to_owned());
    let cases = [
        (
            Request { path: "/", ..post() },
            Payload::Malformed,
            404,
            "there is nothing here; ask POST /katana-ml/api/v1.0/diabetes",
        ),
        (Request { method: "GET", ..post() }, Payload::Malformed, 405, "only POST is answered here"),
        (Request { content_type: None, ..post() }, Payload::Malformed, 415, "the body must be application/json"),
        (
            Request { content_type: Some("text/plain"), ..post() },
            Payload::Malformed,
            415,
            "the body must be application/json",
        ),
        (
            Request { body_length: LONGEST_BODY + 1, ..post() },
            Payload::Malformed,
            413,
            "the body is longer than the 65536 bytes that are read",
        ),
        (post(), Payload::Malformed, 400, "the body is not JSON"),
        (post(), Payload::NotAnObject, 400, "the body is not a JSON object"),
        (post(), Payload::WithoutData, 400, "the member \\\"data\\\" is absent"),
        (post(), Payload::DataNotText, 400, "\\\"data\\\" is not a string of comma-separated values"),
        (post(), data(""), 400, "no values given; 8 are needed"),
        (post(), data("1,2"), 400, "blood_pressure: 8 values are needed, 2 given; this is the first that is absent"),
        (post(), data("1,106,x\u{1},28,135,34.2,0.142,22"), 400, "blood_pressure: \\\"x\\\\u{1}\\\" is not a number"),
    ];
    for (request, payload, status, detail) in cases {
        let response = ask(request, payload);
        assert_eq!(response.status, status, "{}", response.body);
        assert!(response.body.contains(&format!("\"detail\":\"{detail}\"")), "{}", response.body);
        assert!(response.body.contains(&format!("\"status\":{status},")), "{}", response.body);
        assert_eq!(header(&response, "content-type"), Some("application/problem+json"));
        assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
        assert_eq!(header(&response, "allow").is_some(), status == 405);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_problem_names_the_field() {
    let response = ask(post(), Payload::Data(EXAMPLE.replace("106", "high")));
    assert_eq!(
        response.body,
        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\
         \"detail\":\"glucose: \\\"high\\\" is not a number\",\"code\":\"not_a_number\",\"field\":\"glucose\"}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn decimals_are_laid_out_as_python_does() {
    // The right-hand sides are `str(numpy.float32(…))`.
    for (value, text) in [
        (0.0_f32, "0.0"),
        (1.0, "1.0"),
        (0.5, "0.5"),
        (0.091_023, "0.091023"),
        (1e-4, "1e-04"),
        (9.1e-5, "9.1e-05"),
        (1e-5, "1e-05"),
        (1.234_567e-12, "1.234567e-12"),
        (1e-45, "1e-45"),
        (-2.5, "-2.5"),
        (123_456_790.0, "123456790.0"),
        (1e16, "1e+16"),
    ] {
        assert_eq!(decimal(value), text);
    }
    // And here they are `str(numpy.float64(…))`.
    for (value, text) in [
        (0.0_f64, "0.0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-4, "0.0001"),
        (9.999e-5, "9.999e-05"),
        (5e-324, "5e-324"),
        (1e15, "1000000000000000.0"),
        (9_007_199_254_740_993.0, "9007199254740992.0"),
        (1e16, "1e+16"),
        (-1.797_693_134_862_315_7e308, "-1.7976931348623157e+308"),
    ] {
        assert_eq!(decimal(value), text);
    }
}
