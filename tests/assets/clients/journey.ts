// The journey of a referral with the types that openapi-typescript makes of a tenant's own document.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[] };

const [origin, token] = process.argv.slice(2);
const anyone = createClient<paths>({ baseUrl: origin });
const coordinator = createClient<paths>({ baseUrl: origin, headers: { authorization: `Bearer ${token}` } });

function given<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const forms = given(await anyone.GET("/api/forms")).forms.map((form) => form.key);
const form = given(await anyone.GET("/api/forms/{key}", { params: { path: { key: forms[0] } } }));
const described = await (await fetch(`${origin}/api/openapi.json`)).json();
const examples = described.paths["/api/referrals"].post.requestBody.content["application/json"].examples;
const example: components["schemas"]["ReferralPosted"] = examples[form.key].value;

const received = given(await anyone.POST("/api/referrals", { body: example }));
const waiting = given(await anyone.POST("/api/receipts", { body: { receipt: received.receipt } })).state;
const listed = given(await coordinator.GET("/api/referrals", { params: { query: { state: "received" } } }));
const id = listed.items[0].id;
const read = given(await coordinator.GET("/api/referrals/{id}", { params: { path: { id } } }));
const step = read.steps.find((each) => each === "in_review");
if (step === undefined) throw new Error("a referral that was received may be looked at");
const moved = given(
  await coordinator.POST("/api/referrals/{id}/transitions", { params: { path: { id } }, body: { to: step } }),
);
const looked = given(await anyone.POST("/api/receipts", { body: { receipt: received.receipt } })).state;
const refused = await anyone.GET("/api/referrals");

console.log(
  JSON.stringify({
    forms,
    form: listed.items[0].form,
    waiting,
    moved: moved.state,
    history: moved.history.map((each) => each.to_state),
    looked,
    refused: refused.error?.code,
  }),
);
