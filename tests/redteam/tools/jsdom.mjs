// jsdom: https://github.com/jsdom/jsdom

import { domArm } from "../dom/arm.mjs";

export default domArm({ name: "jsdom", quick: ["none", "events", "trusted", "completed"] });
