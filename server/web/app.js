const round = document.getElementById('round');
new EventSource('/events').addEventListener('status', (event) => {
  const status = JSON.parse(event.data);
  round.textContent = `${status.round} of ${status.rounds}`;
});
