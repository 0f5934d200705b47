/** Scores the visitor of this page under one site key. */
export interface Touchstone {
    /**
     * Resolves to a token for the page's backend, valid for 2 minutes and one assessment; call it when the visitor acts.
     * Without the agent or the network the token is one that assesses low or as invalid. It rejects only where the site key
     * asks visitors a question and this one has closed it.
     *
     * @param action what the visitor is about to do: at most 100 characters of `A-Z a-z 0-9 / _`
     */
    execute(action: string): Promise<string>;
}
export interface LoadOptions {
    /** URL of the verifier, with its path prefix if it has one. Default: the origin of the page. */
    origin?: string;
    /** Whether a worker may be asked what it sees of the browser. Default: true. */
    worker?: boolean;
    /** The language of a question to the visitor, as a BCP 47 tag. Default: that of the page, else of the browser. */
    hl?: string;
}
/**
 * Starts the agent for a site key; it begins to record interaction at once, so call it early. Resolves when recording
 * runs or has turned out to be impossible. Further calls with the same key and origin return the same agent.
 *
 * @throws Error outside a browser page
 */
export declare function load(key: string, { origin, worker, hl }?: LoadOptions): Promise<Touchstone>;
