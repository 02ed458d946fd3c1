import { describe, expect, it } from 'vitest';
import { doubled, readHeader, toCsv, withHeader } from './mapping';

describe('readHeader', () => {
  it('finds the separator, also with a BOM and quotes', () => {
    expect(readHeader('\ufeffNaam;Prijs (€);"a;b"\r\nx;1;2')).toMatchObject({
      headers: ['Naam', 'Prijs (€)', 'a;b'],
      separator: ';',
    });
    expect(readHeader('name\tprice\nx\t1').separator).toBe('\t');
    expect(readHeader('name').headers).toEqual(['name']);
    expect(readHeader('').headers).toEqual(['']);
  });

  it('reads a header cell that goes over two lines', () => {
    expect(readHeader('"na\nme",price\nx,1').headers).toEqual(['na\nme', 'price']);
    expect(readHeader('"say ""hi""",b\n').headers).toEqual(['say "hi"', 'b']);
  });
});

describe('withHeader', () => {
  const file = '\ufeffTitel;Was es kostet;Notiz\r\n"Brot; frisch";3,50;"a\r\nb"\r\n';

  it('leaves a file alone when nothing was chosen', () => {
    expect(withHeader(file, ['auto', 'auto', 'auto'])).toBe(file);
  });

  it('renames the header and touches nothing else', () => {
    expect(withHeader(file, ['name', 'price', 'ignore'])).toBe(
      'name;price;left out 3\r\n"Brot; frisch";3,50;"a\r\nb"\r\n',
    );
  });

  it('quotes what needs it', () => {
    expect(withHeader('"a,b",c\n1,2', ['auto', 'name'])).toBe('"a,b",name\n1,2');
  });
});

describe('doubled', () => {
  it('tells of a column chosen twice', () => {
    expect(doubled(['name', 'auto', 'name', 'ignore', 'ignore'])).toEqual(['name']);
  });
});

describe('toCsv', () => {
  it('writes what a spreadsheet holds, whatever is in its cells', () => {
    expect(
      toCsv([
        ['name', 'price', 'note'],
        ['A "b", c', 3.5, null],
        [null, '', undefined],
        ['d', true, 'x\ny'],
      ]),
    ).toBe('name,price,note\r\n"A ""b"", c",3.5,\r\nd,true,"x\ny"');
  });
});
