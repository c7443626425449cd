import Measuring

extension Catalogue {
    /// What any command takes before it does anything.
    var start: Benchmark {
        Benchmark(
            "start", heading: "Start-up and a check",
            about: """
                `weft --version`, twenty times in a row, and `weft check` of so many hosts with two containers each, three times; \
                beside the least that any program takes.
                """,
            unit: "hosts", sizes: [2, 10, 100], smallSizes: [2],
            phases: [
                Phase("start", "Start", targets: [Target(at: 2, .seconds(0.010))]),
                Phase("check", "Check", targets: [Target(at: 2, .seconds(0.020))]),
            ],
            contestants: [
                Contestant("C") { _ in #"timed start:20 "$YARDSTICK" nothing"# },
                Contestant("weft") { hosts in
                    """
                    timed start:20 "$WEFT" --version
                    timed check:3 "$WEFT" check '\(topologies.calico(hosts: hosts, containers: 2))'
                    """
                },
                Contestant("ip") { _ in "timed start:20 ip -V" },
            ])
    }

    var compile: Benchmark {
        Benchmark(
            "compile", heading: "Compile",
            about: "`weft compile` of so many hosts with a hundred containers each: for one host, and for all.",
            unit: "hosts", sizes: [10, 100, 1000], smallSizes: [5],
            phases: [
                Phase("one", "One host", targets: [Target(at: 1000, .seconds(0.1))]),
                Phase("all", "All hosts", targets: [Target(at: 1000, .seconds(5)), Target(at: 1000, .mebibytes(256))]),
            ],
            contestants: [
                Contestant("weft") { hosts in
                    """
                    file='\(topologies.calico(hosts: hosts, containers: 100))'
                    timed one "$WEFT" compile "$file" --host h0001
                    timed all "$WEFT" compile "$file"
                    """
                }
            ])
    }

    /// The forwarding model.
    var model: Benchmark {
        Benchmark(
            "model", heading: "Forwarding model",
            about: """
                `weft check` of so many hosts with a hundred containers each, all ordered pairs of them; and `weft diff` with the same \
                where one host has a container less.
                """,
            unit: "hosts", sizes: [100, 300, 1000], smallSizes: [5],
            phases: [
                Phase("check", "Check", targets: [Target(at: 1000, .seconds(10)), Target(at: 1000, .mebibytes(1024))]),
                Phase("diff", "Diff", targets: []),
            ],
            contestants: [
                Contestant("weft") { hosts in
                    """
                    timed check "$WEFT" check '\(topologies.calico(hosts: hosts, containers: 100))'
                    timed diff "$WEFT" diff '\(topologies.calico(hosts: hosts, containers: 100))' '\(changed(hosts))' || [ $? = 2 ]
                    """
                }
            ])
    }

    private func changed(_ hosts: Int) -> String {
        topologies.calico(hosts: hosts, containers: 100, variant: "-changed") { text in
            text = text.replacing(
                "{\"name\": \"h{0001..",
                with:
                    "{\"name\": \"h0001\", \"links\": [{\"segment\": \"lan\"}], \"containers\": 99}, {\"name\": \"h{0002.."
            )
        }
    }
}
