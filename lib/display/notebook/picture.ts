/**
 * A figure as a PNG picture, for viewers that cannot draw Plotly descriptions: GitHub, a static export, JupyterLab without
 * this project's extension. Made by @resvg/resvg-js where it is installed, with the DejaVu fonts of the package
 * dejavu-fonts-ttf, or the system's where that is missing.
 */
import { createRequire } from 'node:module';
import type { Figure } from '../figure.js';
import { renderSvg } from '../svg/render.js';

/** Pixels of the picture; files have more, for screens with fine pixels. */
export const PICTURE_WIDTH = 760;
const SHARPNESS = 1.5;

const require = createRequire(import.meta.url);

type Rasterizer = (svg: string) => Uint8Array;
let rasterizer: Rasterizer | null | undefined;

/** PNG of the figure on white paper, or null where the rasterizer is not installed. */
export function figurePng(figure: Figure, footer?: string): Uint8Array | null {
  if (rasterizer === undefined) rasterizer = loadRasterizer();
  return rasterizer ? rasterizer(renderSvg(figure, { width: PICTURE_WIDTH, theme: 'light', footer })) : null;
}

function loadRasterizer(): Rasterizer | null {
  interface Resvg {
    Resvg: new (svg: string, options: object) => { render(): { asPng(): Uint8Array } };
  }
  try {
    const { Resvg } = require('@resvg/resvg-js') as Resvg;
    const options = { fitTo: { mode: 'zoom', value: SHARPNESS }, font: fonts() };
    return (svg) => new Resvg(svg, options).render().asPng();
  } catch {
    return null;
  }
}

function fonts(): object {
  try {
    const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
      require.resolve(`dejavu-fonts-ttf/ttf/${name}`),
    );
    return {
      fontFiles: files,
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    };
  } catch {
    return { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' };
  }
}
