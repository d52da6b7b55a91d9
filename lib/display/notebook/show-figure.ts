/**
 * Figures in notebook cells: drawn by plotly.js where the viewer has it, as a picture everywhere else.
 */
import { type Figure, readPlotText } from '../figure.js';
import { inNotebook, type MimeBundle, type MimeMetadata, Output } from './output.js';
import { figurePng, PICTURE_WIDTH } from './picture.js';

/** Written into the picture: who sees it has no plotly.js. */
const HINT = 'npm run notebook shows this plot interactively';

/** Shows a figure below the cell. Outside of a notebook its title is printed. */
export function show(figure: Figure): void {
  const { bundle, metadata } = figureBundle(figure, inNotebook() ? figurePng(figure, HINT) : null);
  new Output().set(bundle, metadata);
}

/** A figure that follows the work of a cell, in place: the viewer keeps its plot, and the reader's zoom. */
export interface LiveFigure {
  /** Shows the figure soon; of many in a short time only the last. */
  update(figure: Figure): void;
  /** Shows the last figure now. */
  finish(): void;
}

/** Milliseconds between updates, and between pictures, which take longer to make and are seldom seen. */
const UPDATE_INTERVAL = 400;
const PICTURE_INTERVAL = 5000;

export function liveFigure(): LiveFigure {
  const output = new Output();
  let waiting: Figure | null = null;
  let last: Figure | null = null;
  let timer: NodeJS.Timeout | null = null;
  let shown = Number.NEGATIVE_INFINITY;
  let picture: { at: number; png: Uint8Array | null } | null = null;

  const send = (figure: Figure, fresh: boolean): void => {
    const now = performance.now();
    if (fresh || !picture || now - picture.at > PICTURE_INTERVAL) picture = { at: now, png: figurePng(figure, HINT) };
    const { bundle, metadata } = figureBundle(figure, picture.png);
    output.set(bundle, metadata);
    [shown, waiting, last] = [now, null, figure];
  };
  const stopTimer = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };

  return {
    update(figure: Figure): void {
      waiting = figure;
      if (!inNotebook() || timer) return;
      const due = shown + UPDATE_INTERVAL - performance.now();
      if (due <= 0) send(figure, false);
      else {
        timer = setTimeout(() => {
          timer = null;
          if (waiting) send(waiting, false);
        }, due);
        // A cell that was interrupted still gets its last points; a process at its end does not wait for them.
        timer.unref();
      }
    },
    finish(): void {
      stopTimer();
      const figure = waiting ?? last;
      if (figure) send(figure, inNotebook());
    },
  };
}

/** The three forms of a figure. */
export function figureBundle(figure: Figure, png: Uint8Array | null): { bundle: MimeBundle; metadata: MimeMetadata } {
  const bundle: MimeBundle = {
    'application/vnd.plotly.v1+json': {
      ...figure,
      config: { displaylogo: false, responsive: true, showSendToCloud: false },
    },
    'text/plain': `[plot: ${readPlotText(figure.layout.title.text).join(' ')}]`,
  };
  if (!png) return { bundle, metadata: {} };
  bundle['image/png'] = Buffer.from(png).toString('base64');
  return { bundle, metadata: { 'image/png': { width: PICTURE_WIDTH, height: figure.layout.height } } };
}
