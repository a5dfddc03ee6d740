// ---- A small network on the plane: two inputs, one or two hidden layers, one output; trained by plain gradient descent.
const SIDE = 3; // the plane is drawn from -SIDE to SIDE
const POINTS = 160;

// Points of two classes: a disc and the ring around it, two half moons, or four clouds, each shaken a little.
const TASKS = {
  ring: (normal, i) => {
    const angle = (2 * Math.PI * i * 0.618034) % (2 * Math.PI), inner = i % 2, radius = (inner ? 0.7 : 2) + 0.2 * normal();
    return [radius * Math.cos(angle), radius * Math.sin(angle), inner];
  },
  moons: (normal, i) => {
    const angle = Math.PI * ((i * 0.618034) % 1), upper = i % 2;
    const [x, y] = upper ? [Math.cos(angle) - 0.5, Math.sin(angle) - 0.25] : [0.5 - Math.cos(angle), 0.25 - Math.sin(angle)];
    return [1.6 * x + 0.18 * normal(), 1.6 * y + 0.18 * normal(), upper];
  },
  corners: (normal, i) => {
    const [right, up] = [i % 2, (i >> 1) % 2];
    return [(right ? 1.3 : -1.3) + 0.4 * normal(), (up ? 1.3 : -1.3) + 0.4 * normal(), Number(right === up)];
  },
};
const pointsOf = (task) => {
  const normal = normalNumbers(5);
  return Array.from({ length: POINTS }, (_, i) => TASKS[task](normal, i));
};

// Weights of standard deviation gain / sqrt(fan_in), biases of 0.8 about the shift; the last layer is linear.
const makeNetwork = (one, widths, gain, shift, seed) => {
  const normal = normalNumbers(seed), sizes = [2, ...widths, 1];
  const layers = sizes.slice(1).map((outs, place) => {
    const ins = sizes[place], last = place === widths.length;
    return {
      ins, outs,
      weights: Float64Array.from({ length: ins * outs }, () => (normal() * (last ? 1 : gain)) / Math.sqrt(ins)),
      biases: Float64Array.from({ length: outs }, () => (last ? 0 : 0.8 * normal() + shift)),
    };
  });
  return { f: derivative(one, 0), slope: derivative(one, 1), layers };
};

// The input of every unit, layer by layer; the last one is the network's output.
const preActivations = ({ f, layers }, x, y) => {
  let row = [x, y];
  return layers.map(({ ins, outs, weights, biases }, place) => {
    if (place) row = row.map(f);
    const z = new Array(outs);
    for (let i = 0; i < outs; i++) {
      let sum = biases[i];
      for (let j = 0; j < ins; j++) sum += weights[i * ins + j] * row[j];
      z[i] = sum;
    }
    return (row = z);
  });
};

const logistic = (output, wanted) => Math.max(output, 0) - wanted * output + Math.log1p(Math.exp(-Math.abs(output)));
const lossOf = (network, points) => points.reduce((sum, [x, y, wanted]) => sum + logistic(preActivations(network, x, y).at(-1)[0], wanted), 0) / points.length;
const rightOf = (network, points) => points.filter(([x, y, wanted]) => preActivations(network, x, y).at(-1)[0] > 0 === Boolean(wanted)).length / points.length;

// One step downhill on the mean logistic loss of all points.
const trainStep = (network, points, rate) => {
  const { f, slope, layers } = network, change = layers.map(({ weights, biases }) => [new Float64Array(weights.length), new Float64Array(biases.length)]);
  for (const [x, y, wanted] of points) {
    const zs = preActivations(network, x, y), output = zs.at(-1)[0];
    let back = [1 / (1 + Math.exp(-output)) - wanted];
    for (let place = layers.length - 1; place >= 0; place--) {
      const { ins, outs, weights } = layers[place], row = place ? zs[place - 1].map(f) : [x, y], [dw, db] = change[place], before = new Array(ins).fill(0);
      for (let i = 0; i < outs; i++) {
        db[i] += back[i];
        for (let j = 0; j < ins; j++) {
          dw[i * ins + j] += back[i] * row[j];
          before[j] += back[i] * weights[i * ins + j];
        }
      }
      if (place) back = before.map((v, j) => v * slope(zs[place - 1][j]));
    }
  }
  layers.forEach(({ weights, biases }, place) => {
    const [dw, db] = change[place], pace = rate / points.length;
    for (let i = 0; i < weights.length; i++) weights[i] -= pace * dw[i];
    for (let i = 0; i < biases.length; i++) biases[i] -= pace * db[i];
  });
};

// Of each hidden unit, the shares of the points where its slope is 0, and where it is next to nothing.
const unitsOf = (network, points, limit) => {
  const slopes = points.map(([x, y]) => preActivations(network, x, y).slice(0, -1).map((z) => z.map(network.slope)));
  return network.layers.slice(0, -1).flatMap(({ outs }, layer) => Array.from({ length: outs }, (_, unit) => {
    const own = slopes.map((s) => s[layer][unit]), among = (test) => own.filter(test).length / points.length;
    return { layer, unit, dead: among((s) => s === 0), saturated: among((s) => Math.abs(s) < limit) };
  }));
};

// The centres of a grid's squares, from the upper left.
const gridOf = (number) => Array.from({ length: number * number }, (_, i) => [
  -SIDE + (2 * SIDE * ((i % number) + 0.5)) / number,
  SIDE - (2 * SIDE * (Math.floor(i / number) + 0.5)) / number,
]);

// For each square of a grid a number that tells its region: on which piece, by its slope, each hidden unit is.
const regionsOf = (network, grid, straight) => Float64Array.from(grid, ([x, y]) => {
  let [one, other] = [0x9e3779b9, 0x85ebca6b]; // two mixed words, so that hardly ever two regions have one number
  for (const z of preActivations(network, x, y).slice(0, -1))
    for (const v of z) {
      const piece = Math.round(1e6 * (straight ? network.slope(v) : Number(v > 0)));
      one = Math.imul(one ^ piece, 0x01000193) ^ (one >>> 13);
      other = Math.imul(other + piece, 0x5bd1e995) ^ (other >>> 15);
    }
  return (one >>> 0) * 2097152 + (other >>> 11);
});

// Whether a function is made of straight pieces: no curvature anywhere, and more than one slope.
const isStraight = (one) => {
  const [slope, curvature] = [derivative(one, 1), derivative(one, 2)], inputs = Array.from({ length: 801 }, (_, i) => -8.013 + i * 0.02);
  return inputs.every((x) => Math.abs(curvature(x)) < 1e-12) && new Set(inputs.map(slope)).size > 1;
};

// How often the slope of a function of straight pieces changes.
const bendsOf = (one) => {
  const slopes = Array.from({ length: 801 }, (_, i) => derivative(one, 1)(-8.013 + i * 0.02));
  return slopes.filter((slope, i) => i && slope !== slopes[i - 1]).length;
};
