// Times models with onnxruntime; a line of JSON each.
// usage: node onnxruntime_peer.js FOLDER_OF_NODE_MODULES THREADS SECONDS NAME|FILE|SHAPE...    with a shape as 1x784
const [folder, threads, seconds, ...jobs] = process.argv.slice(2);
const ort = require(folder + '/node_modules/onnxruntime-node');

async function measure(name, file, shape) {
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const length = shape.reduce((a, b) => a * b);
  const x = new ort.Tensor('float32', Float32Array.from({ length }, () => Math.random() - 0.5), shape);
  for (let i = 0; i < 10; i++) {
    await session.run({ x });
  }

  const times = [];
  const end = performance.now() + seconds * 1e3;
  while (performance.now() < end || times.length < 5) {
    const start = performance.now();
    await session.run({ x });
    times.push(performance.now() - start);
  }

  times.sort((a, b) => a - b);
  console.log(JSON.stringify({
    workload: name,
    ms: Number(times[times.length >> 1].toFixed(5)),
    min_ms: Number(times[0].toFixed(5)),
    runs: times.length,
  }));
}

(async () => {
  for (const job of jobs) {
    const [name, file, shape] = job.split('|');
    await measure(name, file, shape.split('x').map(Number));
  }
})();
