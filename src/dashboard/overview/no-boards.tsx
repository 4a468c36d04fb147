/** No board yet: how to get one. */
export function NoBoards() {
  return (
    <section class="no-boards">
      <h1>No board yet</h1>
      <p>The daemon runs, and watches no board. A board shows up here as soon as it is attached:</p>
      <ol>
        <li>
          <strong>Plug in a MicroPython board.</strong> Boards whose USB ids are MicroPython for certain
          (Pico, Pyboard, …) are attached by themselves within a second.
        </li>
        <li>
          <strong>A board behind a USB–UART bridge</strong> (many ESP32s) must be named, because writing to an
          unknown device may harm it: <code>heapscope ports</code> lists what is plugged in and says why a
          port is left alone; <code>heapscope serve --port /dev/ttyUSB0</code> names it.
        </li>
        <li>
          <strong>None at hand?</strong> <code>heapscope serve --emulate 1</code> starts an emulated one: real
          MicroPython with an application that leaks and fragments.
        </li>
      </ol>
      <p>This page needs no reload.</p>
    </section>
  );
}
