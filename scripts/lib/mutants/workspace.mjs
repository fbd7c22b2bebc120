import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

import { inputsDigest } from '../build-inputs.mjs';
import { bundle } from '../bundle.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const LINKED = ['node_modules', 'test/clients/node_modules'];

/** A copy of the project, built, in which one source at a time is changed: nothing of the project itself is touched. */
export class Workspace {
  root = mkdtempSync(join(tmpdir(), 'stagedoor-mutants-'));
  #options;

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
    });
    for (const file of listed.toString().split('\0').filter(Boolean)) {
      mkdirSync(join(this.root, dirname(file)), { recursive: true });
      cpSync(join(ROOT, file), join(this.root, file));
    }
    for (const folder of LINKED) symlinkSync(join(ROOT, folder), join(this.root, folder));
    cpSync(join(ROOT, 'dist'), join(this.root, 'dist'), { recursive: true });
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
    this.#options = ts.parseJsonConfigFileContent(config, ts.sys, this.root).options;
  }

  read(file) {
    return readFileSync(join(this.root, file), 'utf8');
  }

  /** Writes the source and what is built of it. */
  async write(file, text) {
    writeFileSync(join(this.root, file), text);
    // A file that is translated alone lies in no package that says that it is a module.
    const compilerOptions = { ...this.#options, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: file });
    writeFileSync(join(this.root, 'dist', file.replace(/\.ts$/, '.js')), outputText);
    await bundle(join(this.root, 'dist'));
    writeFileSync(join(this.root, 'dist/inputs.sha256'), inputsDigest(this.root));
  }

  /** What the compiler says of the file as `text`; undefined where it says nothing. */
  complaint(file, text) {
    const path = join(this.root, file);
    this.#texts.set(path, { text, version: (this.#texts.get(path)?.version ?? 0) + 1 });
    const service = (this.#service ??= this.#startService());
    const [first] = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
    return first === undefined ? undefined : ts.flattenDiagnosticMessageText(first.messageText, ' ');
  }

  remove() {
    rmSync(this.root, { recursive: true, force: true });
  }

  #texts = new Map();
  #service;

  #startService() {
    const sources = ts.sys.readDirectory(join(this.root, 'src'), ['.ts']);
    return ts.createLanguageService({
      getScriptFileNames: () => sources,
      getScriptVersion: (path) => String(this.#texts.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.#texts.get(path)?.text ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.root,
      getCompilationSettings: () => this.#options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: ts.sys.realpath,
    });
  }
}
