import { describe, expect, it } from 'vitest';
import { csvLatencies } from '../../../src/scenarios/csv/latencies.js';
import { MOST_VALUES } from '../../../src/scenarios/format/latency.js';

const valuesOf = (text: string, asked: Parameters<typeof csvLatencies>[1] = {}): number[] => csvLatencies(text, asked).values;

describe('csvLatencies', () => {
  it('sorts one latency per line, with or without a heading', () => {
    expect(valuesOf('30\n10\n20.5\n')).toEqual([10, 20.5, 30]);
    expect(valuesOf('ms\r\n30\r\n10\r\n\r\n')).toEqual([10, 30]);
  });

  it('takes the column asked for', () => {
    const text = 'time;"duration";status\nx;12;200\ny;"7.5";500\n';
    expect(valuesOf(text, { column: 'duration' })).toEqual([7.5, 12]);
    expect(valuesOf('when\tms\na\t1e2\n', { column: 'ms' })).toEqual([100]);
  });

  it('understands decimal commas where another separator or quotes tell them apart', () => {
    expect(valuesOf('12,5;200\n7;201\n')).toEqual([7, 12.5]);
    expect(valuesOf('ms\n12,5\n13\n')).toEqual([12.5, 13]);
    expect(valuesOf('name,ms\na,"12,5"\nb,"7,25"\n', { column: 'ms' })).toEqual([7.25, 12.5]);
    expect(csvLatencies('12,5;200\n', {}).understood).toBe('the first column in ms with decimal commas, 1 latency of 12.5 to 12.5 ms');
  });

  it('reads quoted cells as RFC 4180 has them: with separators, quotes and line breaks in them', () => {
    expect(valuesOf('label,ms\r\n"a,5,x",790\r\n"say ""hi""\r\n5,6",12\r\n', { column: 'ms' })).toEqual([12, 790]);
    expect(() => csvLatencies('label,ms\n"two\nlines",7\nx,fast\n', { column: 'ms' })).toThrow('line 4: expected a latency');
  });

  it('knows one separator for the whole file, whatever else stands in its cells', () => {
    expect(valuesOf('agent,ms\n"Mozilla; X11",3\ncurl;8,4\n', { column: 'ms' })).toEqual([3, 4]);
    expect(valuesOf('\uFEFFms|status\n3|200\n', { column: 'ms' })).toEqual([3]);
  });

  it.each([
    ['s', '0.25', 250],
    ['ms', '0.25', 0.25],
    ['us', '250', 0.25],
    ['ns', '250000', 0.25],
  ] as const)('takes numbers in %s', (unit, cell, ms) => {
    expect(valuesOf(`${cell}\n`, { unit })).toEqual([ms]);
    expect(valuesOf(`took_${unit}\n${cell}\n`)).toEqual([ms]);
    expect(valuesOf(`took (${unit})\n${cell}\n`)).toEqual([ms]);
  });

  it.each([
    ['tookSeconds', 250],
    ['took/s', 250],
    ['latencyMs', 0.25],
    ['responseTimeMS', 0.25],
    ['took_msec', 0.25],
    ['durationNs', 0.00000025],
    ['took usecs', 0.00025],
    ['took (μs)', 0.00025],
    ['status', 0.25],
    ['orders-s', 0.25],
    ['rt_min', 0.25],
  ])('takes 0.25 below %s in the unit that it names', (heading, ms) => {
    expect(valuesOf(`${heading}\n0.25\n`)).toEqual([ms]);
  });

  it.each(['-5', '0x10', 'Infinity', '1_000', '12ms', '1 000', '+7', 'NaN', '.5', '2026-11-29'])('takes %s in the first line for no heading', (cell) => {
    expect(() => valuesOf(`${cell}\n20\n`)).toThrow(`line 1: expected a latency in ms from 0 to 600000, got ${JSON.stringify(cell)}`);
    expect(valuesOf(`${cell}\n20\n`, { column: cell })).toEqual([20]);
  });

  it.each([
    [
      'hey',
      'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n' +
        '0.0123,0.0004,0.0000,0.0000,0.0112,0.0000,200,0.0011\n0.0500,0.0004,0.0000,0.0000,0.0112,0.0000,503,0.0012\n',
      'samples of hey, column "response-time" in s, 1 latency of 12.3 to 12.3 ms, 1 without a good answer left out',
    ],
    [
      'JMeter',
      'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes\n' +
        '1700000000000,42,"GET /a, b",200,OK,t 1-1,text,true,,10,10\n1700000000100,900,GET /a,500,Bad,t 1-1,text,false,"no, it\nfailed",10,10\n',
      'samples of JMeter, column "elapsed" in ms, 1 latency of 42 to 42 ms, 1 without a good answer left out',
    ],
    [
      'k6',
      'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status\n' +
        'http_reqs,1700000000,1.000000,,,,true,,GET,http://x/,HTTP/1.1,default,,200\n' +
        'http_req_duration,1700000000,7.250000,,,,true,,GET,http://x/,HTTP/1.1,default,,200\n' +
        'http_req_waiting,1700000000,6.000000,,,,true,,GET,http://x/,HTTP/1.1,default,,200\n' +
        'http_req_duration,1700000000,90.000000,,,,false,,GET,http://x/,HTTP/1.1,default,,500\n',
      'samples of k6, column "metric_value" in ms, 1 latency of 7.25 to 7.25 ms, 1 without a good answer left out',
    ],
    [
      'vegeta',
      '1700000000123456789,200,1500000,0,12,,aGVsbG8=,,0,GET,http://x/,RGF0ZTo=\n1700000000123456799,0,30000000,0,0,"dial tcp: refused, twice",,,1,GET,http://x/,\n',
      'samples of vegeta, column "latency" in ns, 1 latency of 1.5 to 1.5 ms, 1 without a good answer left out',
    ],
    ['ab', 'starttime\tseconds\tctime\tdtime\tttime\twait\nMon Jan 1 00:00:00 2024\t1700000000\t0\t5\t6\t5\n', 'samples of ab, column "ttime" in ms, 1 latency of 6 to 6 ms'],
    ['oha', 'request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n0.1,0,0,0.002,0.003,5,200\n', 'samples of oha, column "request-duration" in s, 1 latency of 3 to 3 ms'],
    [
      'this program',
      'architecture,model,load,round,warmup,start_ms,response_ms,outcome\r\nsync,closed,4,1,1,-5,99,ok\r\nsync,closed,4,1,0,5,12.5,ok\r\nsync,closed,4,1,0,6,0.1,http5xx\r\n',
      'samples of sync-vs-events, column "response_ms" in ms, 1 latency of 12.5 to 12.5 ms, 1 without a good answer left out',
    ],
  ])('knows what %s writes', (_, text, understood) => {
    expect(csvLatencies(text, {}).understood).toBe(understood);
  });

  it.each([
    ['', {}, 'it holds no latencies'],
    ['ms\n', {}, 'it holds no latencies'],
    ['ms\n1\nfast\n', {}, 'line 3: expected a latency in ms from 0 to 600000, got "fast"'],
    ['1\n-2\n', {}, 'line 2: expected a latency in ms from 0 to 600000, got "-2"'],
    ['601\n', { unit: 's' }, 'line 1: expected a latency in s from 0 to 600, got "601"'],
    ['ms,x\n1\n', { column: 'x' }, 'line 2: it has 1 cells, and the first line has another number'],
    ['ms,x\n1,\n', { column: 'x' }, 'line 2: expected a latency in ms from 0 to 600000, got nothing'],
    ['name,ms\na,12,5\n', { column: 'ms' }, 'line 2: it has 3 cells, and the first line has another number; a cell that holds the separator, such as a decimal comma, needs quotes'],
    ['when,ms\na,1\n', { column: 'sm' }, 'it has no column "sm"; did you mean "ms"?'],
    ['id,ms\n1,20\n', {}, 'it has the columns "id", "ms": say which holds the latencies with `column`'],
    ['12,5\n13,7\n', {}, 'line 1: "12,5" may be two columns or a number with a decimal comma'],
    ['1.234,5\n2.345,6\n', {}, 'line 1: "1.234,5" may be two columns or a number with a decimal comma'],
    ['ms,ms\n1,2\n', { column: 'ms' }, 'it has several columns "ms": give each a name of its own'],
    ['took (minutes)\n1\n', {}, 'its column "took (minutes)" is in minutes, and latencies are taken in s, ms, us or ns'],
    ['1,234;a\n2,500;b\n', {}, 'line 1: "1,234" may have its comma between thousands or before decimals'],
    ['1,5;a\n2.5;b\n', {}, 'line 2: expected a latency in ms from 0 to 600000, got "2.5"'],
    ['ms\n"1\n', {}, 'a quote is opened and never closed'],
    ['9999999\n', {}, 'line 1: expected a latency in ms from 0 to 600000, got "9999999"'],
    ['response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n1,0,0,0,0,0,500,0\n', {}, 'it holds no latencies of good answers, and 1 of others'],
  ] as const)('says what is wrong with %j', (text, options, message) => {
    expect(() => csvLatencies(text, options)).toThrow(message);
  });

  it('thins very many to quantiles', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => 199_999 - i).join('\n');
    const values = valuesOf(many);
    expect(values).toHaveLength(MOST_VALUES);
    expect(values[0]).toBe(20);
    expect(values[MOST_VALUES / 2]).toBe(100_020);
    expect(values.at(-1)).toBe(199_980);
  });
});
