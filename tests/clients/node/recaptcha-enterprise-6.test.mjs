// The newest version of Google's client that runs on Node 20.

import { describeEnterprise } from "./enterprise.mjs";

describeEnterprise("recaptcha-enterprise-6", "6.4.2", { node: 20, policies: false, reasonsOverRest: false });
