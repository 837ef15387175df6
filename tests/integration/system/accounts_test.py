"""People with accounts, as a frontend meets them, over the whole program."""

import base64
import concurrent.futures
import json
import unittest

from running_program import SystemTest
from test_servers import await_that

PASSWORD = "correct horse battery"
WISH = {"genres": ["rock"], "budget_max": 300}


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Accounts(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.serve()
        cls.count = 0

    @classmethod
    def serve(cls):
        """Without limits on a client's rate: all clients here are one."""
        unlimited = {f"RATE_LIMIT_{name}": "0" for name in ("LOGIN", "RECOMMEND", "OTHER")}
        return cls.installation.serve_ready(LOG_LEVEL="debug", **unlimited)

    def new_email(self):
        type(self).count += 1
        return f"person{self.count}@example.com"

    def post(self, path, body, token=None):
        return self.program.ask("POST", f"/api/v1{path}", body, self.by(token))

    def get(self, path, token=None):
        return self.program.ask("GET", f"/api/v1{path}", headers=self.by(token))

    def by(self, token):
        return {"Authorization": f"Bearer {token}"} if token else {}

    def register(self, email=None):
        """The tokens of a new account."""
        answer = self.post("/auth/register", {"email": email or self.new_email(), "password": PASSWORD})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json()

    def log_in(self, email, password=PASSWORD):
        return self.post("/auth/login", {"email": email, "password": password})

    def refresh(self, token):
        return self.post("/auth/refresh", {"refresh_token": token})

    def recommend(self, token):
        answer = self.post("/recommend", {"preferences": WISH}, token)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()["session_id"]

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json()["code"]), (status, code), answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    # -- accounts ---------------------------------------------------------------

    def test_a_person_registers_and_is_known(self):
        email = self.new_email()
        answer = self.post("/auth/register", {"email": f" {email.upper()} ", "password": PASSWORD,
                                              "display_name": "Ann Öther"})
        self.assertEqual(answer.status, 201)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        tokens = answer.json()
        self.assertEqual((tokens["token_type"], tokens["expires_in"]), ("Bearer", 900))
        me = self.get("/users/me", tokens["access_token"])
        self.assertEqual(me.json(), tokens["user"])
        self.assertEqual((me.json()["email"], me.json()["display_name"]), (email, "Ann Öther"))
        self.assert_problem(self.post("/auth/register", {"email": email, "password": PASSWORD}), 409,
                            "already_exists")

    def test_passwords_are_kept_as_argon2id_and_tokens_as_hashes_and_neither_is_logged(self):
        tokens = self.register()
        self.log_in(tokens["user"]["email"], "a wrong password")
        row = self.database.rows(
            f"select password_hash from accounts where id = '{tokens['user']['id']}'")
        self.assertRegex(row[0][0], r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$")
        for table in ("accounts", "logins"):
            self.assertNotIn(tokens["refresh_token"], str(self.database.rows(f"select * from {table}")))
        for secret in (PASSWORD, "a wrong password", tokens["refresh_token"], tokens["access_token"],
                       tokens["user"]["email"]):
            self.assertNotIn(secret, self.program.log())

    def test_of_many_who_register_one_email_at_once_one_succeeds(self):
        email = self.new_email()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: self.post("/auth/register", {"email": email, "password": PASSWORD}),
                                    range(6)))
        self.assertEqual(sorted(each.status for each in answers), [201] + [409] * 5)
        refused = next(each for each in answers if each.status == 409)
        self.assertEqual(refused.json()["errors"][0]["pointer"], "/email")

    def test_a_wrong_password_and_an_unknown_email_look_alike(self):
        email = self.register()["user"]["email"]
        wrong, unknown = self.log_in(email, "a wrong password"), self.log_in(self.new_email())
        for answer in (wrong, unknown):
            self.assert_problem(answer, 401, "unauthenticated")
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
        without_id = [{**each.json(), "request_id": None} for each in (wrong, unknown)]
        self.assertEqual(*without_id)
        self.assertEqual(self.log_in(email.upper()).status, 200)

    def test_after_ten_wrong_passwords_an_email_has_to_wait(self):
        email = self.register()["user"]["email"]
        for _ in range(10):
            self.assertEqual(self.log_in(email, "a wrong password").status, 401)
        answer = self.log_in(email)
        self.assert_problem(answer, 429, "too_many_attempts")
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 900)

    def test_bad_input_is_refused_by_field(self):
        answer = self.post("/auth/register", {"email": "nobody", "password": "password123", "admin": True})
        self.assertEqual(answer.status, 422)
        answer = self.post("/auth/register", {"email": "nobody", "password": "password123"})
        self.assertEqual({each["pointer"] for each in answer.json()["errors"]}, {"/email", "/password"})

    # -- tokens -------------------------------------------------------------------

    def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_login(self):
        first = self.register()
        second = self.refresh(first["refresh_token"])
        self.assertEqual(second.status, 200)
        self.assertEqual(self.get("/users/me", second.json()["access_token"]).status, 200)
        third = self.refresh(second.json()["refresh_token"]).json()
        self.assert_problem(self.refresh(first["refresh_token"]), 401, "unauthenticated")
        self.assert_problem(self.refresh(third["refresh_token"]), 401, "unauthenticated")
        self.assertEqual(self.log_in(first["user"]["email"]).status, 200)

    def test_logging_out_ends_one_login_alone(self):
        one = self.register()
        other = self.log_in(one["user"]["email"]).json()
        for _ in range(2):
            answer = self.post("/auth/logout", {"refresh_token": one["refresh_token"]})
            self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(self.refresh(one["refresh_token"]).status, 401)
        self.assertEqual(self.refresh(other["refresh_token"]).status, 200)

    def test_an_access_token_is_a_jwt_that_says_little(self):
        tokens = self.register()
        header, claims, _ = tokens["access_token"].split(".")
        self.assertEqual({**decoded(header), "kid": None}, {"alg": "HS256", "typ": "at+jwt", "kid": None})
        claims = decoded(claims)
        self.assertEqual(set(claims), {"iss", "aud", "sub", "exp", "nbf", "iat", "jti"})
        self.assertEqual(claims["sub"], tokens["user"]["id"])
        self.assertEqual(claims["exp"] - claims["iat"], 900)

    def test_forged_tokens_are_refused_wherever_a_token_is_looked_at(self):
        token = self.register()["access_token"]
        header, claims, signature = token.split(".")
        unsigned = encoded({**decoded(header), "alg": "none"})
        somebody = encoded({**decoded(claims), "sub": "01a203ef-01e2-785e-a92d-5b2806dd8eef"})
        forged = [f"{unsigned}.{claims}.", f"{unsigned}.{claims}.{signature}", f"{header}.{somebody}.{signature}",
                  f"{header}.{claims}.", token + "A", token + ".", token[:-2], "x", ""]
        for each in forged:
            for path in ("/users/me", "/users/me/export", "/users/me/recommendations"):
                answer = self.get(path, each or " ")
                self.assert_problem(answer, 401, "unauthenticated")
                self.assertEqual(answer.headers["WWW-Authenticate"], 'Bearer error="invalid_token"')
            self.assert_problem(self.post("/recommend", {"preferences": WISH}, each or " "), 401, "unauthenticated")
        self.assert_problem(self.get("/users/me"), 401, "unauthenticated")
        answer = self.program.ask("GET", f"/api/v1/users/me?access_token={token}",
                                  headers={"Cookie": f"access_token={token}"})
        self.assert_problem(answer, 401, "unauthenticated")

    def test_tokens_hold_over_a_change_of_the_secret_when_the_former_one_is_known(self):
        token = self.register()["access_token"]
        secret = "a secret of one's own, of at least 32 bytes"
        former = self.installation.serve_ready(
            SECRET_KEY=secret, JWT_FORMER_KEYS="hs256:development-only-change-me-in-production")
        self.assertEqual(former.ask("GET", "/api/v1/users/me", headers=self.by(token)).status, 200)
        self.assertEqual(former.stop(), 0)
        without = self.installation.serve_ready(SECRET_KEY=secret)
        self.assertEqual(without.ask("GET", "/api/v1/users/me", headers=self.by(token)).status, 401)
        self.assertEqual(without.stop(), 0)

    # -- sessions -------------------------------------------------------------------

    def test_a_session_is_seen_by_the_account_that_made_it_and_by_nobody_else(self):
        ann, bob = self.register()["access_token"], self.register()["access_token"]
        session_id = self.recommend(ann)
        path = f"/recommendations/{session_id}"
        self.assertEqual(self.get(path, ann).status, 200)
        self.assert_problem(self.get(path, bob), 404, "not_found")
        self.assert_problem(self.get(path), 404, "not_found")
        anonymous = self.recommend(None)
        self.assertEqual(self.get(f"/recommendations/{anonymous}", bob).status, 200)

    def listed(self, token, query=""):
        answer = self.get(f"/users/me/recommendations{query}", token)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def test_an_account_lists_its_sessions_page_by_page_and_exports_them(self):
        tokens = self.register()
        token = tokens["access_token"]
        made = [self.recommend(token) for _ in range(5)]
        self.recommend(self.register()["access_token"])
        await_that("the read model has them", lambda: len(self.listed(token)["items"]) == 5)
        found, cursor = [], ""
        while True:
            page = self.listed(token, f"?limit=2{cursor}")
            found += [each["session_id"] for each in page["items"]]
            if "next_cursor" not in page:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(found, made[::-1])
        exported = self.get("/users/me/export", token).json()
        self.assertEqual(exported["account"], tokens["user"])
        self.assertEqual([each["session_id"] for each in exported["sessions"]], made[::-1])
        self.assertTrue(exported["complete"])
        self.assertNotIn("argon2", json.dumps(exported))

    def test_an_export_has_explanations_and_feedback_too(self):
        token = self.register()["access_token"]
        session_id = self.recommend(token)
        headphone = self.get(f"/recommendations/{session_id}", token).json()["matches"][0]["headphone"]
        body = {"session_id": session_id, "headphone_id": headphone["id"]}
        self.assertEqual(self.post("/explain", body, token).status, 200)
        given = self.post(f"/recommendations/{session_id}/feedback",
                          {"headphone_id": headphone["id"], "kind": "rated", "rating": 5}, token)
        self.assertEqual(given.status, 202, given.body)

        def exported():
            document = self.get("/users/me/export", token).json()
            return document if document["explanations"] and document["feedback"] else None
        document = await_that("explanation and feedback are in the read models", exported)
        self.assertEqual(document["explanations"][0]["session_id"], session_id)
        feedback = document["feedback"][0]
        self.assertEqual((feedback["session_id"], feedback["headphone"], feedback["kind"], feedback["rating"]),
                         (session_id, headphone["slug"], "rated", 5))

    # -- the end of an account --------------------------------------------------------

    def close(self, token, password=PASSWORD):
        return self.program.ask("DELETE", "/api/v1/users/me", {"password": password}, self.by(token))

    def test_a_closed_account_is_forgotten_at_once(self):
        tokens = self.register()
        email, token = tokens["user"]["email"], tokens["access_token"]
        answer = self.close(token, "a wrong password")
        self.assertEqual((answer.status, answer.json()["errors"][0]["pointer"]), (422, "/password"))
        self.assertEqual(self.close(token).status, 204)
        self.assertEqual(self.get("/users/me", token).status, 401)
        self.assertEqual(self.close(token).status, 401)
        self.assertEqual(self.refresh(tokens["refresh_token"]).status, 401)
        self.assertEqual(self.log_in(email).status, 401)
        self.assertEqual(self.database.value(f"select count(*) from accounts where email = '{email}'"), "0")
        self.register(email)

    def sessions_of(self, user):
        return self.database.value(f"select count(*) from sessions where user_id = '{user}'")

    def test_the_sessions_of_a_closed_account_are_erased(self):
        tokens = self.register()
        user, token = tokens["user"]["id"], tokens["access_token"]
        made = [self.recommend(token) for _ in range(3)]
        await_that("the read model has them", lambda: self.sessions_of(user) == "3")
        self.assertEqual(self.close(token).status, 204)
        await_that("they are gone from the read model", lambda: self.sessions_of(user) == "0")
        for session_id in made:
            # The token holds for some minutes yet; what it could see is gone.
            self.assert_problem(self.get(f"/recommendations/{session_id}", token), 404, "not_found")
        left = self.database.rows(f"select email, display_name, password_hash from accounts where id = '{user}'")
        self.assertEqual(left, [["", "", ""]])

    def test_an_erasure_goes_on_after_a_restart_and_the_account_goes_in_the_end(self):
        tokens = self.register()
        user, token = tokens["user"]["id"], tokens["access_token"]
        self.recommend(token)
        await_that("the read model has it", lambda: self.sessions_of(user) == "1")
        self.assertEqual(self.program.stop(), 0)
        # As a process leaves it that is killed right after it has answered 204, an hour ago.
        self.database.rows("update accounts set email = null, password_hash = null, display_name = null,"
                           f" erasing_since = now() - interval '1 hour' where id = '{user}'")
        type(self).program = self.serve()
        await_that("its session is gone", lambda: self.sessions_of(user) == "0")
        await_that("the account is gone", lambda: self.database.value(
            f"select count(*) from accounts where id = '{user}'") == "0")


if __name__ == "__main__":
    unittest.main()
