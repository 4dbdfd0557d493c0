/** The window in a browser: the engine over a WebSocket, files over HTTP. */
import { browserShell, outsidePages } from '../../shared/host.ts';
import {
  asError,
  WorkbenchError,
  type ChosenFile,
  type FileKind,
  type Host,
  type UploadProgress,
} from './host.ts';
import { SocketTransport } from './socket.ts';

/** Streams a file to the shell with progress; aborting leaves nothing behind there. */
function upload(
  file: File,
  progress?: (upload: UploadProgress) => void,
  signal?: AbortSignal,
): Promise<ChosenFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${browserShell.uploadPath}?name=${encodeURIComponent(file.name)}`);
    request.responseType = 'json';
    request.upload.onprogress = (event) => progress?.({ done: event.loaded, total: file.size });
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status < 300 && isPlace(answer)) {
        resolve({ path: answer.path, name: file.name, bytes: file.size });
        return;
      }
      const told = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : null;
      reject(new WorkbenchError(told ? asError(told) : broken(file.name)));
    };
    request.onerror = () => reject(new WorkbenchError(broken(file.name)));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

const broken = (name: string) => ({
  code: 'upload-failed',
  message: `${name} could not be sent to the workbench.`,
  hint: 'Check whether the workbench is still running, then choose the file again.',
});

function isPlace(answer: unknown): answer is { path: string; url?: string } {
  return typeof answer === 'object' && answer !== null && 'path' in answer && typeof answer.path === 'string';
}

/** The browser's own file dialog. */
function pick(kind: FileKind): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = kind.extensions.map((extension) => `.${extension}`).join(',');
    input.onchange = () => resolve(input.files?.[0] ?? null);
    input.oncancel = () => resolve(null);
    input.hidden = true;
    document.body.append(input);
    input.click();
    input.remove();
  });
}

export function browserHost(): Host {
  const transport = new SocketTransport(
    () => new WebSocket(new URL(browserShell.enginePath, location.href.replace(/^http/, 'ws'))),
  );
  return {
    kind: 'browser',
    transport,
    async openFile(kind, progress, signal) {
      const file = await pick(kind);
      return file ? upload(file, progress, signal) : null;
    },
    takeFile: upload,
    async saveFile(suggestedName) {
      const answer: unknown = await fetch(
        `${browserShell.exportPath}?name=${encodeURIComponent(suggestedName)}`,
        { method: 'POST' },
      ).then((response) => response.json());
      if (!isPlace(answer) || answer.url === undefined) throw new WorkbenchError(noPlace);
      const { path, url } = answer;
      return {
        path,
        deliver(written = []) {
          download(url, suggestedName);
          for (const other of written.filter((each) => each !== path)) {
            const name = other.split(/[\\/]/).at(-1) ?? '';
            download(`${url}?beside=${encodeURIComponent(name)}`, name);
          }
          return Promise.resolve();
        },
      };
    },
    onCommand: () => () => undefined,
    openPage(page) {
      window.open(outsidePages[page], '_blank', 'noopener,noreferrer');
      return Promise.resolve();
    },
    onConnection: (listener) => transport.onConnection(listener),
  };
}

const noPlace = {
  code: 'export-failed',
  message: 'The workbench gave no place for the file.',
  hint: 'Check whether it is still running, then export again.',
};

/** Hands a file to the person. */
export function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
