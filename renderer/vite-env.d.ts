/// <reference types="vite/client" />

/** Made by main/setup/help/plugin.ts. */
declare module 'virtual:help' {
  export const topics: readonly import('../shared/help.ts').HelpTopic[];
}
