import Measuring

extension Catalogue {
    /// What an agent takes, and that it takes no more for all that happens.
    var agent: Benchmark {
        let most = Target(at: 10_000, .mebibytes(32))
        return Benchmark(
            "agent", heading: "An agent that keeps a host",
            about: """
                A host with so many routes, a hundred by each gateway. `weft agent` makes them; then somebody deletes a hundredth of them at a \
                time, which it puts back: twenty times (a round from the first deletion until all are there again), and a hundred times more. \
                Memory is what is resident in the end, shared libraries included, not the most there was.
                """,
            unit: "routes", sizes: [100, 1000, 10_000], smallSizes: [100],
            phases: [
                Phase("begin", "Begin"), Phase("repair", "Repair", targets: [most]),
                Phase("later", "Repair, later", targets: [most]),
            ],
            contestants: [Contestant("weft") { keep($0) }])
    }

    private func keep(_ routes: Int) -> String {
        """
        uplink
        "$WEFT" agent '\(topologies.peers(routes: routes, gateways: max(1, routes / 100)))' --host A > /run/agent.log 2>&1 &
        python3 - $! \(routes) <<'END'
        import os, subprocess, sys, time
        agent, wanted = sys.argv[1], int(sys.argv[2])
        begun = time.monotonic()

        def routes():
            text = subprocess.run(["ip", "route", "show"], capture_output=True, text=True).stdout
            return [line for line in text.splitlines() if " via " in line]

        def wait():
            while len(routes()) < wanted: time.sleep(0.005)

        def processor():
            words = open(f"/proc/{agent}/stat").read().split()
            return (int(words[13]) + int(words[14])) / os.sysconf("SC_CLK_TCK")

        def resident():
            lines = open(f"/proc/{agent}/status").read().splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

        wait()
        print("measure begin", time.monotonic() - begun, processor(), resident())
        commands = [f"route delete {line}\\n" for line in routes()]
        some = max(1, wanted // 100)

        def repair(phase, rounds):
            start, before = time.monotonic(), processor()
            for number in range(rounds):
                place = number * some % wanted
                batch = "".join(commands[place:place + some])
                subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
                wait()
            print("measure", phase, (time.monotonic() - start) / rounds, (processor() - before) / rounds, resident())

        repair("repair", 20)
        repair("later", 100)
        END
        kill $!
        """
    }
}
