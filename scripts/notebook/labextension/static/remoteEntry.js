/**
 * A renderer of application/vnd.plotly.v1+json for JupyterLab 4: a module-federation container written by hand, so that
 * no bundler is needed. https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#mime-renderer-plugins
 *
 * One DOM node a plot, which Plotly.react updates in place: a live plot keeps its zoom. Ink and see-through colours
 * follow the theme of JupyterLab, also when it changes.
 */
(() => {
  const MIME = 'application/vnd.plotly.v1+json';
  const NAME = 'llm-embedding-plotly';
  const here = document.currentScript.src;
  let scope;
  let loading;

  const plotly = () => {
    loading ??= window.Plotly?.react
      ? Promise.resolve(window.Plotly)
      : new Promise((loaded, failed) => {
          const script = document.createElement('script');
          script.src = new URL('plotly.js', here).href;
          // Lab's pages may have an AMD loader, which plotly.js would register with instead of window
          const { define } = window;
          window.define = undefined;
          script.onload = () => {
            window.define = define;
            loaded(window.Plotly);
          };
          script.onerror = () => {
            window.define = define;
            failed(new Error('plotly.js could not be loaded'));
          };
          document.head.append(script);
        });
    return loading;
  };

  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);

  /** The figure with the page's ink, and with see-through heatmap colours laid on the page's paper. */
  const adapt = (figure, node) => {
    const copy = structuredClone(figure);
    // resolved by the browser, since a theme may write its colours in any way
    const probe = document.createElement('span');
    probe.style.cssText =
      'display:none;color:var(--jp-content-font-color1,#333);background-color:var(--jp-layout-color0,#fff)';
    node.append(probe);
    const { color: ink, backgroundColor: paper } = getComputedStyle(probe);
    const inkColour = ink;
    const [red = 255, green = 255, blue = 255] = channels(paper);
    probe.remove();
    const laidOn = (colour) => {
      if (!/^rgba/.test(colour)) return colour;
      const [r, g, b, opacity = 1] = channels(colour);
      const mix = (over, under) => Math.round(over * opacity + under * (1 - opacity));
      return `rgb(${mix(r, red)},${mix(g, green)},${mix(b, blue)})`;
    };
    copy.ink = ink;
    copy.layout = { uirevision: 'keep', ...copy.layout };
    copy.layout.font = { ...copy.layout.font, color: inkColour };
    const [r, g, b] = channels(ink);
    const icons = { bgcolor: 'rgba(0,0,0,0)', color: `rgba(${r},${g},${b},.45)`, activecolor: ink };
    copy.layout.modebar = { ...icons, ...copy.layout.modebar };
    for (const trace of copy.data) {
      if (trace.type === 'heatmap' && Array.isArray(trace.colorscale)) {
        trace.colorscale = trace.colorscale.map(([at, colour]) => [at, laidOn(colour)]);
      }
    }
    return copy;
  };

  const build = async () => {
    const share = async (name) => (await Object.values(scope[name])[0].get())();
    const { Widget } = await share('@lumino/widgets');

    class PlotlyRenderer extends Widget {
      constructor() {
        super();
        this.addClass('llm-embedding-plotly');
        this.node.style.width = '100%';
        this.themes = new MutationObserver(() => {
          this.draw();
          // the attribute may change before the colours do
          for (const wait of [100, 500, 2000, 5000]) setTimeout(() => this.drawInNewInk(), wait);
        });
        // text in a hidden plot has no size: title and subtitle would be laid on each other
        this.sizes = new ResizeObserver(() => this.stale && this.draw());
        this.themes.observe(document.body, {
          attributes: true,
          attributeFilter: ['data-jp-theme-light', 'data-jp-theme-name'],
        });
        this.sizes.observe(this.node);
      }

      async renderModel(model) {
        this.figure = model.data[MIME];
        // the height is known before the library is there, so that the page does not jump
        this.node.style.minHeight = `${this.figure.layout?.height ?? 400}px`;
        await this.draw();
      }

      async draw() {
        if (!this.figure || this.isDisposed) return;
        const Plotly = await plotly();
        if (this.isDisposed) return;
        // JupyterLab hides everything while it changes its theme
        this.stale = this.node.getClientRects().length === 0;
        if (this.stale) return;
        const { data, layout, ink } = adapt(this.figure, this.node);
        this.ink = ink;
        await Plotly.react(this.node, data, layout, {
          responsive: true,
          displaylogo: false,
          showSendToCloud: false,
          ...this.figure.config,
        });
      }

      drawInNewInk() {
        if (!this.figure || this.isDisposed) return;
        if (adapt({ data: [], layout: {} }, this.node).ink !== this.ink) this.draw();
      }

      onAfterShow() {
        this.fit();
      }

      onResize() {
        this.fit();
      }

      fit() {
        if (window.Plotly && this.node.data && this.isVisible) window.Plotly.Plots.resize(this.node);
      }

      dispose() {
        if (this.isDisposed) return;
        this.themes.disconnect();
        this.sizes.disconnect();
        if (window.Plotly && this.node.data) window.Plotly.purge(this.node);
        super.dispose();
      }
    }

    return {
      __esModule: true,
      default: {
        id: `${NAME}:factory`,
        // ahead of PyPI's plotly extension, which does not follow updates
        rendererFactory: { safe: true, mimeTypes: [MIME], createRenderer: () => new PlotlyRenderer() },
        rank: -10,
        dataType: 'json',
      },
    };
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[NAME] = {
    init: (shared) => {
      scope = shared;
    },
    get: async () => {
      const module = await build();
      return () => module;
    },
  };
})();
