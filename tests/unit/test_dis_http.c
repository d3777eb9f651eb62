/* HTTP/1: first lines, headers, bodies, several messages in a segment, and what only looks like it.
 */
#include "app.h"

static void test_request(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 40000, 80,
		    "'GET /i?a=1&b=2 HTTP/1.1'0d0a'HOST:  x.example '0d0a'Cookie: c=1; d=2'0d0a0d0a"
		    "'GET /j HTTP/1.1'0d0a'Host: y'0d0a0d0a");
	app_expect(&a, "http.request.method", "GET;GET");
	app_expect(&a, "http.host", "x.example;y");
	app_expect(&a, "http.request.uri.query.parameter", "a=1;b=2");
	app_expect(&a, "http.cookie_pair", "c=1;d=2");
	app_expect(&a, "http.request.full_uri", "http://x.example/i?a=1&b=2;http://y/j");
	assert_string_equal(app_info(&a), "GET /i?a=1&b=2 HTTP/1.1 x.example");
	app_torture(&a);
	app_fini(&a);
}

static void test_response(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 8080, 40000,
		    "'HTTP/1.1 404 Not Found'0d0a'Content-Type: text/plain'0d0a'Content-Length: "
		    "2'0d0a0d0a'noHTTP/1.1 204 No Content'0d0a0d0a");
	app_expect(&a, "http.response.code", "404;204");
	app_expect(&a, "http.response.phrase", "Not Found;No Content");
	app_expect(&a, "http.content_length", "2");
	app_expect(&a, "http.file_data", "no");
	assert_string_equal(app_info(&a), "HTTP/1.1 404 Not Found text/plain");
	app_torture(&a);
	app_fini(&a);
}

/* A first line says it on any port; a method's name alone only on one of HTTP's. */
static void test_where(void **state)
{
	struct app a;

	(void)state;
	app_init(&a);
	app_message(&a, 6, 40000, 12345, "'PUT /x HTTP/1.0'0d0a");
	app_expect(&a, "http.request.method", "PUT");
	app_message(&a, 6, 40000, 12345, "'PUT it there'0d0a");
	app_expect(&a, "http.request.method", "");
	app_message(&a, 6, 40000, 3128, "'PUT'");
	app_expect(&a, "http.request.method", "PUT");
	assert_int_equal(app_marks(&a), 0);
	app_message(&a, 6, 80, 40000, "'the rest of a page'");
	app_expect(&a, "http.request.method", "");
	app_expect(&a, "data.len", "18");
	app_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_response),
		cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
