/**
 * Figures in notebook cells: drawn by plotly.js where the viewer has it, as a picture everywhere else.
 */
import { type Figure, readPlotText } from '../figure.js';
import { inNotebook, type MimeBundle, type MimeMetadata, Output } from './output.js';
import { figurePng, PICTURE_WIDTH } from './picture.js';
import { type DescribedFigure, describeFigure, type PlotlyDescription } from './plotly-description.js';

/** No button that would upload the data. */
const CONFIG = { displaylogo: false, responsive: true, showSendToCloud: false };
/** Written into the picture: who sees it has no plotly.js. */
const HINT = 'npm run notebook shows this plot interactively';

/**
 * Shows a plot below the cell: a figure of this project, or any Plotly description such as
 * `{ data: [{ x: [1, 2], y: [3, 4], type: 'scatter' }], layout: { title: 'mine' } }`. Outside of a notebook its title is
 * printed.
 *
 * @throws UserError for what is neither
 */
export function show(figure: Figure | PlotlyDescription): void {
  const described = describeFigure(figure);
  const { bundle, metadata } = figureBundle(described, inNotebook() ? pictureOf(described) : null);
  new Output().set(bundle, metadata);
}

/** None of what svg/ cannot draw: plotly.js has it, and the text says what it was. */
function pictureOf({ drawable }: DescribedFigure): Uint8Array | null {
  try {
    return drawable && figurePng(drawable, HINT);
  } catch {
    return null;
  }
}

/** A figure that follows the work of a cell, in place: the viewer keeps its plot, and the reader's zoom. */
export interface LiveFigure {
  /** Shows the figure soon; of many in a short time only the last. */
  update(figure: Figure | PlotlyDescription): void;
  /** Shows the last figure now. */
  finish(): void;
}

/** Milliseconds between updates, and between pictures, which take longer to make and are seldom seen. */
const UPDATE_INTERVAL = 400;
const PICTURE_INTERVAL = 5000;

export function liveFigure(): LiveFigure {
  const output = new Output();
  let waiting: DescribedFigure | null = null;
  let last: DescribedFigure | null = null;
  let timer: NodeJS.Timeout | null = null;
  let shown = Number.NEGATIVE_INFINITY;
  let picture: { at: number; png: Uint8Array | null } | null = null;

  const send = (figure: DescribedFigure, fresh: boolean): void => {
    const now = performance.now();
    if (fresh || !picture || now - picture.at > PICTURE_INTERVAL) picture = { at: now, png: pictureOf(figure) };
    const { bundle, metadata } = figureBundle(figure, picture.png);
    output.set(bundle, metadata);
    [shown, waiting, last] = [now, null, figure];
  };
  const stopTimer = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };

  return {
    update(described: Figure | PlotlyDescription): void {
      const figure = describeFigure(described);
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
export function figureBundle(
  { description }: DescribedFigure,
  png: Uint8Array | null,
): { bundle: MimeBundle; metadata: MimeMetadata } {
  const { title, height } = description.layout;
  const text = typeof title === 'string' ? title : ((title as { text?: string } | undefined)?.text ?? 'untitled');
  const bundle: MimeBundle = {
    'application/vnd.plotly.v1+json': { ...description, config: { ...CONFIG, ...description.config } },
    'text/plain': `[plot: ${readPlotText(text).join(' ')}]`,
  };
  if (!png) return { bundle, metadata: {} };
  bundle['image/png'] = Buffer.from(png).toString('base64');
  return { bundle, metadata: { 'image/png': { width: PICTURE_WIDTH, height } } };
}
