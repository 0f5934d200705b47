import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./built.mjs";

const { parsePlace } = await load("place");

test("the base is the script's address up to its own name, path prefix included", () => {
  for (const [address, base] of Object.entries({
    "https://v.example/recaptcha/enterprise.js?render=K": "https://v.example",
    "https://v.example/recaptcha/api.js": "https://v.example",
    "https://v.example/touchstone.js#x": "https://v.example",
    "https://v.example:8443/a/b/recaptcha/api.js?render=K": "https://v.example:8443/a/b",
    "https://v.example/a/touchstone.js": "https://v.example/a",
    "http://localhost:3000/recaptcha/recaptcha/enterprise.js": "http://localhost:3000/recaptcha",
  })) {
    assert.equal(parsePlace(address).base, base, address);
  }
});

test("render is a site key unless it is one of the two words", () => {
  for (const [query, key] of [
    ["?render=6Lkey&hl=de", "6Lkey"],
    ["?render=explicit", undefined],
    ["?onload=f&render=onload", undefined],
    ["?render=", undefined],
    ["", undefined],
  ]) {
    assert.equal(parsePlace("https://v.example/recaptcha/api.js" + query).key, key, query);
  }
});

test("onload, hl, badge and inspect are read from the query, all else is ignored", () => {
  const address = "https://v.example/touchstone.js?onload=go&trustedtypes=true&_=1&render=K";
  const place = { base: "https://v.example", key: "K", auto: false, onload: "go", hl: null, badge: null, inspect: false };
  assert.deepEqual(parsePlace(address), place);
  const more = { hl: "de", badge: "inline", inspect: true };
  assert.deepEqual(parsePlace(address + "&inspect=1&badge=inline&hl=de"), { ...place, ...more });
});

test("elements become widgets by themselves unless render says otherwise", () => {
  for (const [query, auto] of [["", true], ["?render=onload", true], ["?render=explicit", false], ["?render=K", false]]) {
    assert.equal(parsePlace("https://v.example/recaptcha/api.js" + query).auto, auto, query);
  }
});
