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
  explain: async () => {
    const { data, error } = await api.POST("/api/v1/explain", {
      body: { session_id, headphone_id: "sennheiser-hd-560s" },
    });
    return data?.detailed_explanation ?? said(error);
  },
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
