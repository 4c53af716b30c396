import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataElement, html, Markup } from '../../../src/report/html/markup.js';

describe('html', () => {
  it('escapes every value that is not markup', () => {
    const name = `<b title="x">'&'</b>`;
    const text = '&lt;b title=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;';
    expect(html`<p title="${name}">${name}</p>`.text).toBe(`<p title="${text}">${text}</p>`);
  });

  it('joins lists and leaves out what is not there', () => {
    expect(html`<ul>${['a', 'b'].map((item) => html`<li>${item}</li>`)}${null}${false}${undefined}${0}</ul>`.text).toBe(
      '<ul><li>a</li><li>b</li>0</ul>',
    );
  });

  it('makes characters visible that hide or turn round other text', () => {
    expect(html`${'a\u202eb\u0000c\u001bd\ne'}`.text).toBe('a\ufffdb\ufffdc\ufffdd\ne');
  });

  it('lets no text end an element or attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('dataElement', () => {
  it('holds any data without ending', () => {
    const data = { name: '</script><!--<script>' };
    const { text } = dataElement('chart-data', data);
    expect(text.match(/<\/script>/g)).toHaveLength(1);
    expect(JSON.parse(text.replace(/^<script[^>]*>/, '').replace(/<\/script>$/, ''))).toEqual(data);
  });
});

describe('Markup', () => {
  it('stands as it is', () => {
    expect(html`${new Markup('<b>')}`.text).toBe('<b>');
  });
});
