// Cuts the JavaScript that wasm-bindgen writes down to what the agent needs. Each cut names the text that it expects,
// and fails the build when that is not there exactly once: a new wasm-bindgen cannot be cut wrongly without notice.

/** The glue without its ways of starting, freeing and patching that the face never uses. */
export function cutGlue(text) {
  const glue = new Text(text);
  // The face compiles the module by itself (engine.ts says why), so one way of starting is left.
  glue.replace(/let wasmModule, wasmInstance, wasm;[^]*$/, START);
  // An agent lives as long as its page.
  glue.replace(/ {4}__destroy_into_raw\(\) \{[^]*?\n {4}\}\n {4}free\(\) \{[^]*?\n {4}\}\n/, "");
  glue.replace(/ {8}AgentFinalization\.register\(.*\n/, "");
  glue.replace(/if \(Symbol\.dispose\) Agent.*\n/, "");
  glue.replace(/const AgentFinalization = [^]*?;\n/, "");
  // So does every closure: its listener is never taken off.
  glue.replaceAll(/(?<== )makeClosure\(arg0, arg1, (\w+)\)/, "(...args) => wasm.$1(arg0, arg1, ...args)");
  glue.replace(/function makeClosure\([^]*?\n\}\n/, "");
  glue.replaceAll(/function wasm_bindgen__convert__closures\w+\(.*\) \{\n.*\n\}\n/, "");
  glue.replace(/const CLOSURE_DTORS = [^]*?;\n/, "");
  // Every browser that can run the module has it.
  glue.replace(/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?\n\}\n/, "");
  // Strings that come in are few and short: they are copied as any bytes are.
  glue.replace(/ {4}if \(realloc === undefined\) \{[^]*?\n\}\n/, "    return passArray8ToWasm0(cachedTextEncoder.encode(arg), malloc);\n}\n");
  glue.replaceAll(/(?<=passStringToWasm0\(\w+, wasm\.__wbindgen_malloc), wasm\.__wbindgen_realloc/, "");
  // Copying fails only where the module has failed, and then nothing is left to free.
  glue.replace(/ {8}try \{\n( {12}ptr0 = [^]*?) {8}\} catch \(e\) \{[^]*?\n {8}\}\n/, "$1");
  glue.replaceAll(/ +__proto__: null,\n/, "");
  // What was just found to be a boolean or a string is asked no second time whether it is there.
  glue.replace(/ +const ret = (typeof\(v\) === 'boolean' \?) v : undefined;\n( +return )isLikeNone\(ret\) \? (0xFFFFFF) : ret \? 1 : 0;\n/, "$2$1 +v : $3;\n");
  glue.replace(/ +const ret = (typeof\(obj\) === 'string' \?) obj : undefined;\n( +var ptr1 = )isLikeNone\(ret\) \? 0 : (passStringToWasm0\()ret(.*);\n/, "$2$1 $3obj$4 : 0;\n");
  glue.replaceAll(/isLikeNone\(ret\)/, "ret == null");
  glue.replace(/function isLikeNone\(x\) \{\n.*\n\}\n/, "");
  // A view costs less than the check whether the last one still fits the memory.
  for (const view of ["DataView", "Uint8Array"]) {
    glue.replace(new RegExp(`let cached${view}Memory0 = null;\\n`), "");
    glue.replace(new RegExp(`(?<=function get${view}Memory0\\(\\) \\{\\n)[^]*?(?=\\n\\}\\n)`), `    return new ${view}(wasm.memory.buffer);`);
  }
  // The agent never decodes the two gigabytes after which some Safari failed.
  glue.replace(/cachedTextDecoder\.decode\(\);\nconst MAX_SAFARI[^]*?\nlet numBytesDecoded = 0;\n/, "");
  glue.replace(/function decodeText\(bytes\) \{\n[^]*?\n\}\n/, "");
  glue.replace(/decodeText\(getUint8ArrayMemory0\(\)\.subarray\(ptr, ptr \+ len\)\)/, "cachedTextDecoder.decode(getArrayU8FromWasm0(ptr, len))");
  // UTF-8 is the default, and no string from the agent starts with a mark that would be dropped.
  glue.replace(/'utf-8', \{ ignoreBOM: true \}/, "");
  // Memory that never reaches two gigabytes has no address that reads as negative.
  glue.replaceAll(/ {4}ptr = ptr >>> 0;\n/, "");
  glue.replaceAll(/\(arg0 >>> 0\)/, "arg0");
  glue.replaceAll(/(?<=malloc\([^;\n]*\)) >>> 0/, "");
  glue.replaceAll(/__wbg_ptr/, "at");
  // What is counted in bytes.
  glue.replaceAll(/ [*/] 1(?=[,;) ])/, "");
  // Bytes are taken out of the memory in one place.
  glue.replaceAll(/var (v\d) = getArrayU8FromWasm0\(ret\[0\], ret\[1\]\)\.slice\(\);\n.*__wbindgen_free\(.*\n +return \1;/, "return takeBytes(ret);");
  glue.replace(/(?=function passArray8ToWasm0)/, TAKE);
  // Wrapped once, rather than at every call.
  glue.replaceAll(/(?<=\w: )function\(\) \{ return (handleError\(function [^]*?\n {8}\}), arguments\); \}/, "$1)");
  glue.replace(/function handleError\(f, args\) \{\n {4}try \{\n.*\n/, HANDLE);
  glue.replace(/(?<=__wbindgen_exn_store\(idx\);\n {4}\}\n)\}/, "};}");
  return glue.text;
}

/** The names of the module's exports that the glue uses. */
export function usedExports(text) {
  return new Set(Array.from(text.matchAll(EXPORT_USE), ([, name]) => name));
}

/**
 * Gives imports and exports the short names that wasm-opt gave them, and drops the import functions that the optimised
 * module no longer asks for.
 *
 * @param names the map that wasm-opt prints: `imports` as [module, name, short], `exports` as [name, short]
 */
export function renameGlue(text, names) {
  const imports = new Map(names.imports.map(([, name, short]) => [name, short]));
  const exports = new Map(names.exports);
  const glue = new Text(text);
  glue.replace(/( {4}const import0 = \{\n)([^]*?)(\n {4}\};\n)/, (_, head, body, tail) => {
    // An entry starts with its name at this very indent and reaches to the next one.
    const entries = body.split(/\n(?= {8}\w+: (?:function|handleError))/);
    const kept = entries.flatMap((entry) => {
      const [, name] = /^ {8}(\w+): (?:function|handleError)/.exec(entry) ?? fail(`an import entry starts with ${entry.slice(0, 60)}`);
      const short = imports.get(name);
      imports.delete(name);
      return short ? [entry.replace(name, short)] : [];
    });
    return head + kept.join("\n") + tail;
  });
  if (imports.size) fail(`the module imports what the glue lacks: ${[...imports.keys()]}`);
  glue.replace(/"\.\/touchstone_agent_bg\.js": import0/, "a: import0");
  return glue.text.replace(EXPORT_USE, (_, name) => `wasm.${exports.get(name) ?? fail(`no export ${name}`)}`);
}

class Text {
  constructor(text) {
    this.text = text;
  }

  replace(pattern, replacement) {
    const found = this.text.match(new RegExp(pattern.source, "g"))?.length ?? 0;
    if (found !== 1) fail(`${pattern} is there ${found} times, not once`);
    this.text = this.text.replace(pattern, replacement);
  }

  replaceAll(pattern, replacement) {
    const all = new RegExp(pattern.source, "g");
    if (!all.test(this.text)) fail(`${pattern} is not there`);
    this.text = this.text.replace(all, replacement);
  }
}

function fail(what) {
  throw new Error(`glue.mjs: ${what}; look at what this version of wasm-bindgen writes`);
}

const EXPORT_USE = /\bwasm\.([A-Za-z_]\w*)/g;

const HANDLE = `function handleError(f) { return (...args) => {
    try {
        return f(...args);
`;

const TAKE = `function takeBytes([ptr, len]) {
    const bytes = getArrayU8FromWasm0(ptr, len).slice();
    wasm.__wbindgen_free(ptr, len, 1);
    return bytes;
}
`;

const START = `let wasm;
export default async function ({ module_or_path }) {
    wasm = (await WebAssembly.instantiate(module_or_path, __wbg_get_imports())).exports;
    wasm.__wbindgen_start();
}
`;
