// Every operation, as a frontend would call it. That it compiles is the proof: names,
// bodies, parameters and answers are those of the document.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./api";

const api = createClient<paths>({ baseUrl: "http://127.0.0.1:8000" });

type Recommendation = components["schemas"]["recommendation"];
type Problem = components["schemas"]["problem"];

function said(problem: Problem | undefined): string {
  return problem === undefined
    ? ""
    : [problem.detail, ...problem.errors.map((wrong) => `${wrong.pointer}: ${wrong.detail}`)].join("\n");
}

function bestOf(session: Recommendation): string {
  const best = session.matches?.[0];
  return best === undefined ? "" : `${best.headphone.brand} ${best.headphone.model}: ${best.explanation}`;
}

const email = "ann@example.com";
const password = "correct horse battery";
const refresh_token = "AaID7wHieF6pLVsoBt2O7w";
const headers = { Authorization: "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9" };
const session_id = "01a203ef-01e2-785e-a92d-5b2806dd8eef";

export const calls = {
  recommend: async () => {
    const { data, error } = await api.POST("/api/v1/recommend", {
      body: {
        preferences: { genres: ["rock"], budget_max: 300, requirements: { types: ["over_ear"], anc: null } },
        mode: "sync",
        max_results: 5,
      },
    });
    return data === undefined ? said(error) : bestOf(data);
  },
  find_recommendation: async () => {
    const { data, error } = await api.GET("/api/v1/recommendations/{session_id}", {
      params: { path: { session_id }, header: { "If-None-Match": '"3"' } },
    });
    return data === undefined ? said(error) : `${data.status} ${bestOf(data)}`;
  },
  follow_recommendation: async () => {
    const { data } = await api.GET("/api/v1/recommendations/{session_id}/events", {
      params: { path: { session_id }, header: { "Last-Event-ID": "2" } },
      parseAs: "stream",
    });
    return data?.getReader();
  },
  explain: async () => {
    const { data, error } = await api.POST("/api/v1/explain", {
      body: { session_id, headphone_id: "sennheiser-hd-560s" },
    });
    return data?.detailed_explanation ?? said(error);
  },
  record_feedback: async () => {
    const { data, error } = await api.POST("/api/v1/recommendations/{session_id}/feedback", {
      params: { path: { session_id } },
      body: { headphone_id: "sennheiser-hd-560s", kind: "rated", rating: 5 },
    });
    return data?.feedback_id ?? said(error);
  },
  erase_recommendation: async () => {
    const { error } = await api.DELETE("/api/v1/recommendations/{session_id}", {
      params: { path: { session_id } },
    });
    return said(error);
  },
  register: async () => {
    const { data, error } = await api.POST("/api/v1/auth/register", { body: { email, password } });
    return data?.user.id ?? said(error);
  },
  log_in: async () => {
    const { data, error } = await api.POST("/api/v1/auth/login", { body: { email, password } });
    return data === undefined ? said(error) : `${data.token_type} ${data.access_token}`;
  },
  refresh: async () => {
    const { data, error } = await api.POST("/api/v1/auth/refresh", { body: { refresh_token } });
    return data?.expires_in ?? said(error);
  },
  log_out: async () => said((await api.POST("/api/v1/auth/logout", { body: { refresh_token } })).error),
  find_me: async () => (await api.GET("/api/v1/users/me", { headers })).data?.email,
  close_account: async () =>
    said((await api.DELETE("/api/v1/users/me", { headers, body: { password } })).error),
  list_my_recommendations: async () => {
    const { data } = await api.GET("/api/v1/users/me/recommendations", {
      headers,
      params: { query: { limit: 20 } },
    });
    return [data?.items.length, data?.next_cursor];
  },
  export_me: async () => (await api.GET("/api/v1/users/me/export", { headers })).data?.account.id,
  list_headphones: async () => {
    const { data, error } = await api.GET("/api/v1/headphones", {
      params: { query: { type: ["over_ear"], genre: ["jazz", "rock"], price_max: 500, anc: false, sort: "-price" } },
    });
    return data?.items.map((each) => each.slug) ?? said(error);
  },
  find_headphone: async () => {
    const { data, error } = await api.GET("/api/v1/headphones/{id_or_slug}", {
      params: { path: { id_or_slug: "sennheiser-hd-560s" } },
    });
    return data === undefined ? said(error) : data.measured.deviation_db.bass;
  },
  find_health: async () => (await api.GET("/health")).data?.parts.map((part) => part.latency_ms ?? 0),
  find_readiness: async () => (await api.GET("/health/ready")).data?.status,
  find_liveness: async () => (await api.GET("/health/live")).data?.status,
} satisfies Record<keyof operations, () => Promise<unknown>>;
