/**
 * More points of every family, in the form of the file of exact values: computed from the closed forms, which name their
 * sources and are held to that file and to books by tests of their own.
 */

const LOADS = [0.5, 0.8, 0.9];
const cross = (...lists) => lists.reduce((rows, list) => rows.flatMap((row) => list.map((one) => [...row, one])), [[]]);

/** @param forms functions of src/simulation/closed-forms: mm1, mmc, mmck, mdc, mg1, closedNetwork */
export function pointsOf(forms) {
  return {
    mm1: LOADS.map((rho) => mm1Row(forms, rho)),
    mmc: cross([2, 5, 20], LOADS).map(([c, rho]) => mmcRow(forms, c, rho)),
    mmck: cross([[1, 4], [2, 10], [5, 5], [5, 8], [20, 25]], [0.8, 1, 1.5]).map(([[c, K], rho]) => mmckRow(forms, c, K, rho)),
    mdc: cross([1, 2, 3, 5, 10, 20, 50], [0.9]).map(([c, rho]) => ({ c, rho, Wq: forms.mdc(c * rho, 1, c).wait })),
    mg1: [
      ...cross([0, 0.25, 0.5, 1, 2, 4], LOADS).map(([cs2, rho]) => mg1Row(forms, rho, cs2)),
      ...Object.entries({ uniform: 0.25, erlang: 0.5, lognormal: 1, hyperexponential: 4 }).map(([service, cs2]) => ({
        ...mg1Row(forms, 0.8, cs2),
        service,
      })),
    ],
    closed_and_open_networks: [...tandems(forms), ...feedback(forms), ...closedRows(forms)],
  };
}

function mm1Row({ mm1 }, rho) {
  const { response, quantile } = mm1(rho, 1);
  return { lam: rho, mu: 1, rho, W: response, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}

function mmcRow({ mmc }, c, rho) {
  const { response, wait } = mmc(c * rho, 1, c);
  return { lam: c * rho, mu: 1, c, rho, W: response, Wq: wait };
}

function mmckRow({ mmck }, c, K, rho) {
  const { response, full, throughput, utilisation } = mmck(c * rho, 1, c, K);
  return { lam: c * rho, mu: 1, c, K, pK: full, X: throughput, W: response, U: utilisation };
}

function mg1Row({ mg1 }, rho, cs2) {
  return { rho, cs2, Wq: mg1(rho, 1, cs2).wait };
}

/** Every station as if it were alone, with Poisson arrivals. Source: J. R. Jackson, Operations Research 5 (1957). */
function jackson({ mmc }, src, lam, S, c, V) {
  const stations = S.map((mean, i) => mmc(lam * V[i], 1 / mean, c[i]));
  const R = stations.map(({ response }) => response);
  return { src, lam, S, c, V, R, U: stations.map(({ utilisation }) => utilisation), W: R.reduce((sum, one, i) => sum + one * V[i], 0) };
}

function tandems(forms) {
  return LOADS.flatMap((rho) => [
    jackson(forms, `tandem of 2, rho ${rho}`, rho, [1, 0.8], [1, 1], [1, 1]),
    jackson(forms, `tandem of 3 with 2+1+4, rho ${rho}`, rho, [2, 0.5, 4], [2, 1, 4], [1, 1, 1]),
  ]);
}

/** One that comes back to where it was, by visits and by ways. Source: Jackson, Management Science 10 (1963). */
function feedback(forms) {
  const visits = jackson(forms, 'feedback by visits', 0.2, [1, 0.5], [1, 1], [4, 3]);
  const ways = { ...jackson(forms, 'feedback by ways', 0.4, [1, 0.5], [1, 1], [2, 1]), P: [[0, 0.5], [1, 0]] };
  delete ways.V;
  return [visits, ways];
}

function closedRows({ closedNetwork }) {
  const four = [0.3, 0.2, 0.4, 0.15];
  const cases = [
    { N: 2, Z: 1, S: [0.3, 0.2], c: [1, 1] },
    { N: 10, Z: 5, S: [0.3, 0.2], c: [1, 1] },
    { N: 25, Z: 5, S: [0.3, 0.2], c: [1, 1] },
    { N: 20, Z: 1, S: four, c: [4, 4, 4, 4] },
    { N: 60, Z: 2, S: four, c: [10, 5, 10, 4] },
    { N: 8, Z: 0, S: [0.5, 0.5, 0.5], c: [1, 2, 1] },
  ];
  return cases.map((row) => {
    const visited = row.S.map((service, i) => ({ service, visits: 1, servers: row.c[i] }));
    const { throughput, response, stations } = closedNetwork(visited, row.N, row.Z);
    const R = stations.map((one) => one.response);
    return { ...row, X: throughput, W: response, R, U: stations.map(({ utilisation }) => utilisation) };
  });
}
