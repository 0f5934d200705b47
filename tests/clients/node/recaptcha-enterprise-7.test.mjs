// Google's client of today. It asks for Node 22, so this file is run by the one that is installed beside it.

import { describeEnterprise } from "./enterprise.mjs";

describeEnterprise("@google-cloud/recaptcha-enterprise", "7.2.1", { node: 22, policies: true, reasonsOverRest: true });
