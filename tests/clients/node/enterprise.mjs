// What Google's client for Node does against Touchstone: the same promises for each of its versions and transports.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { siteVerify } from "../../harness/api.mjs";
import { needsChromium } from "../../harness/chromium.mjs";
import { createAuthority } from "../authority.mjs";
import { startStage } from "../stage.mjs";

/**
 * Declares the tests of one version of the client.
 *
 * @param name of the package below node_modules
 * @param version that it must have
 * @param node the oldest version of Node that it runs on
 * @param policies whether it knows the methods of universal keys
 * @param reasonsOverRest whether its errors over REST carry the code of gRPC and the reason
 */
export function describeEnterprise(name, version, { node, policies, reasonsOverRest }) {
  const require = createRequire(import.meta.url);
  const authority = createAuthority();
  process.once("exit", authority.remove);
  // gRPC reads it when it is loaded, so it is set before.
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = authority.ca;
  // The library must not look for the cloud that this machine may belong to.
  process.env.METADATA_SERVER_DETECTION = "none";
  const installed = () => require(`${name}/package.json`).version;

  for (const transport of TRANSPORTS) {
    describe(`@google-cloud/recaptcha-enterprise ${version} ${transport.title}`, missing(installed, node), () => {
      let stage, client, parent, call;

      before(async () => {
        assert.equal(installed(), version);
        stage = await startStage({ tls: transport.tls, authority });
        const { RecaptchaEnterpriseServiceClient } = require(name);
        // Each version brings its own copy of gRPC, whose credentials are of no use to another copy.
        const grpc = createRequire(require.resolve(name))("google-gax").grpc;
        const options = transport.options(stage, grpc);
        client = new RecaptchaEnterpriseServiceClient(options);
        parent = client.projectPath(stage.verifier.project);
        call = transport.call(stage);
      });
      after(async () => {
        await client?.close();
        await stage?.stop();
      });

      const assess = async (event, more) => (await client.createAssessment({ parent, assessment: { event, ...more } }, call))[0];
      const webKey = (displayName, more = {}) => ({ displayName, webSettings: { allowedDomains: ["localhost"], integrationType: "SCORE" }, ...more });
      const create = async (key) => (await client.createKey({ parent, key }, call))[0];

      test("a real token is valid, with its score, host, action and time; the event comes back", needsChromium, async () => {
        const token = await stage.token("login");
        const event = { token, siteKey: stage.verifier.siteKey, expectedAction: "login", userAgent: "UA/1.0", userIpAddress: "203.0.113.7" };
        const assessment = await assess({ ...event, userInfo: { accountId: "u1", userIds: [{ email: "a@shop.example" }] }, fraudPrevention: "DISABLED" });
        assert.match(assessment.name, /^projects\/[^/]+\/assessments\/[0-9a-f]+$/);
        const { valid, invalidReason, hostname, action, createTime } = assessment.tokenProperties;
        assert.deepEqual({ valid, hostname, action }, { valid: true, hostname: "localhost", action: "login" });
        assert.ok(["INVALID_REASON_UNSPECIFIED", 0].includes(invalidReason), String(invalidReason));
        assert.ok(Math.abs(Number(createTime.seconds) * 1000 - Date.now()) < 60_000, JSON.stringify(createTime));
        assert.equal(typeof assessment.riskAnalysis.score, "number");
        assert.ok(assessment.riskAnalysis.score >= 0 && assessment.riskAnalysis.score <= 1);
        for (const [field, value] of Object.entries(event)) assert.equal(assessment.event[field], value, field);
        assert.equal(assessment.event.userInfo.accountId, "u1");
        assert.equal(assessment.event.userInfo.userIds[0].email, "a@shop.example");
      });

      test("the same token again is a duplicate, without an error", needsChromium, async () => {
        const token = await stage.token();
        assert.equal((await assess({ token, siteKey: stage.verifier.siteKey })).tokenProperties.valid, true);
        const { tokenProperties, riskAnalysis } = await assess({ token, siteKey: stage.verifier.siteKey });
        assert.equal(tokenProperties.valid, false);
        assert.equal(tokenProperties.invalidReason, "DUPE");
        assert.equal(riskAnalysis.score, 0);
      });

      test("what is no token is malformed or missing, without an error", async () => {
        const { siteKey } = stage.verifier;
        assert.equal((await assess({ token: "nonsense", siteKey })).tokenProperties.invalidReason, "MALFORMED");
        const missing = await assess({ token: "", siteKey });
        assert.equal(missing.tokenProperties.invalidReason, "MISSING");
        assert.equal(Number(missing.tokenProperties.createTime.seconds), 0);
      });

      test("an assessment of nothing at all is one without a token", async () => {
        const [{ tokenProperties }] = await client.createAssessment({ parent, assessment: {} }, call);
        assert.deepEqual([tokenProperties.valid, tokenProperties.invalidReason], [false, "MISSING"]);
      });

      test("an assessment is annotated", needsChromium, async () => {
        const { name } = await assess({ token: await stage.token(), siteKey: stage.verifier.siteKey });
        const [answer] = await client.annotateAssessment({ name, annotation: "LEGITIMATE", reasons: ["PASSED_TWO_FACTOR"], accountId: "u1" }, call);
        assert.deepEqual(Object.keys(answer), []);
      });

      test("an assessment that nobody made cannot be annotated", async () => {
        const name = `${parent}/assessments/b6ac310000000000`;
        await assert.rejects(client.annotateAssessment({ name, annotation: "FRAUDULENT" }, call), transport.refuses(reasonsOverRest, "NOT_FOUND"));
      });

      test("a key is made, read, changed by a mask, and deleted", async () => {
        const made = await create(webKey("web", { labels: { team: "a" } }));
        assert.match(made.name, /^projects\/[^/]+\/keys\/6L[A-Za-z0-9_-]{38}$/);
        assert.ok(Math.abs(Number(made.createTime.seconds) * 1000 - Date.now()) < 60_000);
        const [read] = await client.getKey({ name: made.name }, call);
        assert.deepEqual(read, made);

        const change = { name: made.name, displayName: "renamed", webSettings: { allowedDomains: ["shop.example"] }, labels: { team: "b" } };
        const updateMask = { paths: ["display_name", "web_settings.allowed_domains"] };
        const [changed] = await client.updateKey({ key: change, updateMask }, call);
        assert.equal(changed.displayName, "renamed");
        assert.deepEqual(changed.webSettings.allowedDomains, ["shop.example"]);
        assert.ok(["SCORE", 1].includes(changed.webSettings.integrationType), "what the mask leaves out stays");
        assert.deepEqual(changed.labels, { team: "a" }, "what the mask leaves out stays");

        await client.deleteKey({ name: made.name }, call);
        await assert.rejects(client.getKey({ name: made.name }, call), transport.refuses(reasonsOverRest, "NOT_FOUND"));
      });

      test("keys are listed page by page, each once", async () => {
        const made = [];
        for (const name of ["one", "two", "three"]) made.push((await create(webKey(name))).name);
        const listed = [];
        for await (const key of client.listKeysAsync({ parent, pageSize: 2 }, call)) listed.push(key.name);
        assert.deepEqual([...new Set(listed)], listed);
        for (const name of made) assert.ok(listed.includes(name), name);

        const [page, next, response] = await client.listKeys({ parent, pageSize: 1 }, { ...call, autoPaginate: false });
        assert.equal(page.length, 1);
        assert.ok(response.nextPageToken && next.pageToken === response.nextPageToken);
      });

      test("each kind of key keeps its settings", async () => {
        const kinds = {
          webSettings: { integrationType: "CHECKBOX", allowAllDomains: true, challengeSecurityPreference: "SECURITY" },
          androidSettings: { allowedPackageNames: ["com.example.shop"], supportNonGoogleAppStoreDistribution: true },
          iosSettings: { allowedBundleIds: ["com.example.shop"] },
          expressSettings: {},
        };
        for (const [platform, settings] of Object.entries(kinds)) {
          const made = await create({ displayName: platform, [platform]: settings });
          const [read] = await client.getKey({ name: made.name }, call);
          for (const [field, value] of Object.entries(settings)) assert.deepEqual(read[platform][field], value, field);
          assert.ok(read[platform], platform);
        }
      });

      test("a key with a testing score gives that score", needsChromium, async () => {
        const key = await create(webKey("tested", { testingOptions: { testingScore: 0.3 } }));
        const siteKey = key.name.split("/").at(-1);
        const { page } = await stage.open("/");
        const token = await page.evaluate(async (key) => {
          await new Promise((resolve) => grecaptcha.enterprise.ready(resolve));
          return grecaptcha.enterprise.execute(key, { action: "login" });
        }, siteKey);
        const { riskAnalysis, tokenProperties } = await assess({ token, siteKey });
        assert.equal(tokenProperties.valid, true);
        assert.equal(Math.fround(riskAnalysis.score), Math.fround(0.3));
      });

      test("migrating a key changes nothing; its legacy secret is one that siteverify knows", async () => {
        const made = await create(webKey("migrated"));
        const [migrated] = await client.migrateKey({ name: made.name }, call);
        assert.equal(migrated.name, made.name);
        const [{ legacySecretKey }] = await client.retrieveLegacySecretKey({ key: made.name }, call);
        assert.match(legacySecretKey, /^6L[A-Za-z0-9_-]{38}$/);
        if (transport.tls) return;
        const { success, "error-codes": codes } = await siteVerify(stage.verifier, { secret: legacySecretKey, response: "nonsense" });
        assert.deepEqual({ success, codes }, { success: false, codes: ["invalid-input-response"] });
      });

      test("overrides of addresses are added, listed and removed; a conflict and an unknown one are refused", async () => {
        const { name } = await create(webKey("overridden"));
        const override = (ip) => ({ name, ipOverrideData: { ip, overrideType: "ALLOW" } });
        await client.addIpOverride(override("1.2.3.4"), call);
        await client.addIpOverride(override("2600:1f18::/32"), call);
        const [listed] = await client.listIpOverrides({ parent: name }, call);
        assert.deepEqual(listed.map(({ ip }) => ip).sort(), ["1.2.3.4", "2600:1f18::/32"]);
        await assert.rejects(client.addIpOverride(override("1.2.3.4"), call), transport.refuses(reasonsOverRest, "ALREADY_EXISTS", "INVALID_ARGUMENT"));
        await client.removeIpOverride(override("1.2.3.4"), call);
        await assert.rejects(client.removeIpOverride(override("1.2.3.4"), call), transport.refuses(reasonsOverRest, "NOT_FOUND"));
      });

      test("the numbers of a key are read", async () => {
        const { name } = await create(webKey("measured"));
        const [metrics] = await client.getMetrics({ name: `${name}/metrics` }, call);
        assert.equal(metrics.name, `${name}/metrics`);
        assert.ok(Array.isArray(metrics.scoreMetrics) && Array.isArray(metrics.challengeMetrics));
      });

      test("firewall policies are made, ordered, changed, asked and deleted", async () => {
        const policy = (path, condition, action) => ({ description: path, path, condition, actions: [{ [action]: {} }] });
        const make = async (firewallPolicy) => (await client.createFirewallPolicy({ parent, firewallPolicy }, call))[0];
        const low = await make(policy("/login", "recaptcha.score < 1.1", "block"));
        const all = await make(policy("/*", "", "allow"));
        assert.match(low.name, /^projects\/[^/]+\/firewallpolicies\/[^/]+$/);
        assert.ok(low.actions[0].block, JSON.stringify(low.actions));

        await client.reorderFirewallPolicies({ parent, names: [all.name, low.name] }, call);
        const [ordered] = await client.listFirewallPolicies({ parent }, call);
        assert.deepEqual(ordered.map(({ name }) => name), [all.name, low.name]);

        const event = { token: "nonsense", siteKey: stage.verifier.siteKey, firewallPolicyEvaluation: true, requestedUri: "https://shop.example/login" };
        const first = await assess(event);
        assert.equal(first.firewallPolicyAssessment.firewallPolicy.name, all.name, "the first that matches");

        await client.updateFirewallPolicy({ firewallPolicy: { name: all.name, path: "/cart" }, updateMask: { paths: ["path"] } }, call);
        const [changed] = await client.getFirewallPolicy({ name: all.name }, call);
        assert.deepEqual([changed.path, changed.description], ["/cart", "/*"]);
        assert.equal((await assess(event)).firewallPolicyAssessment.firewallPolicy.name, low.name, "the other one, now");

        for (const { name } of [low, all]) await client.deleteFirewallPolicy({ name }, call);
        assert.deepEqual((await client.listFirewallPolicies({ parent }, call))[0], []);
      });

      test("a condition that cannot be understood is refused with its field", async () => {
        const firewallPolicy = { path: "/", condition: "recaptcha.scoer < 0.5", actions: [{ block: {} }] };
        await assert.rejects(client.createFirewallPolicy({ parent, firewallPolicy }, call), (error) => {
          transport.refuses(reasonsOverRest, "INVALID_ARGUMENT")(error);
          assert.match(error.message, /condition/);
          return true;
        });
      });

      test("no account is related to another", async () => {
        assert.deepEqual((await client.listRelatedAccountGroups({ parent }, call))[0], []);
        const search = { project: parent, accountId: "u1", pageSize: 5 };
        assert.deepEqual((await client.searchRelatedAccountGroupMemberships(search, call))[0], []);
        const unknown = { parent: `${parent}/relatedaccountgroups/g1` };
        await assert.rejects(client.listRelatedAccountGroupMemberships(unknown, call), transport.refuses(reasonsOverRest, "NOT_FOUND"));
      });

      const newer = { skip: policies ? false : "this version has no such methods" };
      test("the policy of a universal key is read and changed", newer, async () => {
        const key = await create({ displayName: "universal", universalSettings: {} });
        const name = `${key.name}/policy`;
        const clientSettings = { allowedDomains: ["localhost"], protectedEndpointGroup: { protectedEndpoints: [{ path: "/login", action: "login" }] } };
        const challengeRuleGroups = [{ actions: ["login"], challengeRules: [{ condition: "score < 0.5", challenge: { difficulty: "USABILITY" } }] }];
        await client.updatePolicy({ policy: { name, clientSettings, challengeRuleGroups } }, call);
        const [policy] = await client.getPolicy({ name }, call);
        assert.deepEqual(policy.clientSettings.allowedDomains, ["localhost"]);
        assert.equal(policy.clientSettings.protectedEndpointGroup.protectedEndpoints[0].action, "login");
        assert.equal(policy.challengeRuleGroups[0].challengeRules[0].condition, "score < 0.5");
      });

      test("a wrong API key is refused with the incumbent's code and reason", async () => {
        const { RecaptchaEnterpriseServiceClient } = require(name);
        const grpc = createRequire(require.resolve(name))("google-gax").grpc;
        const foreign = { ...stage, verifier: { ...stage.verifier, apiKey: "nonsense" } };
        const stranger = new RecaptchaEnterpriseServiceClient(transport.options(foreign, grpc));
        try {
          const asked = stranger.createAssessment({ parent, assessment: { event: { token: "x", siteKey: "y" } } }, transport.call(foreign));
          await assert.rejects(asked, (error) => {
            transport.refuses(reasonsOverRest, "INVALID_ARGUMENT")(error);
            if (transport.rest && !reasonsOverRest) assert.match(error.message, /API_KEY_INVALID/);
            else assert.equal(error.reason, "API_KEY_INVALID");
            return true;
          });
        } finally {
          await stranger.close();
        }
      });

      const bearer = { skip: transport.rest ? false : "the library sends no such token over this transport" };
      test("an API key is taken as the access token of an OAuth client, too", bearer, async () => {
        const { RecaptchaEnterpriseServiceClient } = require(name);
        const { OAuth2Client } = createRequire(require.resolve(name))("google-auth-library");
        const { apiKey, ...options } = transport.options(stage);
        const authClient = new OAuth2Client();
        authClient.setCredentials({ access_token: apiKey });
        const bearing = new RecaptchaEnterpriseServiceClient({ ...options, authClient });
        const [{ tokenProperties }] = await bearing.createAssessment({ parent, assessment: { event: { token: "x" } } });
        assert.equal(tokenProperties.invalidReason, "MALFORMED");
        await bearing.close();
      });

      test("another project is out of reach", async () => {
        const asked = client.createAssessment({ parent: client.projectPath("other"), assessment: { event: { token: "x" } } }, call);
        await assert.rejects(asked, transport.refuses(reasonsOverRest, "PERMISSION_DENIED"));
      });
    });
  }
}

/** For `describe`: says why the tests inside are skipped. */
function missing(installed, node) {
  if (Number(process.versions.node.split(".")[0]) < node) return { skip: `it asks for Node ${node}` };
  try {
    installed();
    return {};
  } catch {
    return { skip: "it is not installed; run tests/clients/install.sh" };
  }
}

const GRPC = { INVALID_ARGUMENT: 3, NOT_FOUND: 5, ALREADY_EXISTS: 6, PERMISSION_DENIED: 7 };
const HTTP = { INVALID_ARGUMENT: 400, NOT_FOUND: 404, ALREADY_EXISTS: 409, PERMISSION_DENIED: 403 };

/** A check for `assert.rejects`: the error has the code of one of the statuses. */
const refusesBy = (codes, statuses) => (error) => {
  const expected = statuses.map((status) => codes[status]);
  assert.ok(expected.includes(Number(error.code)), `code ${error.code}, not ${expected}: ${error.message}`);
  return true;
};

const TRANSPORTS = [
  {
    title: "over REST",
    rest: true,
    tls: false,
    options: ({ verifier, port }) => ({ fallback: true, protocol: "http", apiEndpoint: "127.0.0.1", port, apiKey: verifier.apiKey }),
    call: () => ({}),
    refuses: (reasonsOverRest, ...statuses) => refusesBy(reasonsOverRest ? GRPC : HTTP, statuses),
  },
  {
    title: "over gRPC without TLS",
    tls: false,
    options: ({ port }, grpc) => ({ apiEndpoint: "127.0.0.1", port, sslCreds: grpc.credentials.createInsecure() }),
    // The library sends its API key by TLS alone.
    call: ({ verifier }) => ({ otherArgs: { headers: { "x-goog-api-key": verifier.apiKey } } }),
    refuses: (_, ...statuses) => refusesBy(GRPC, statuses),
  },
  {
    title: "over gRPC with TLS",
    tls: true,
    options: ({ verifier, port }) => ({ apiEndpoint: "localhost", port, apiKey: verifier.apiKey }),
    call: () => ({}),
    refuses: (_, ...statuses) => refusesBy(GRPC, statuses),
  },
];
