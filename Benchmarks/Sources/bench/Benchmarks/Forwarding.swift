import Measuring

extension Catalogue {
    /// Flannel's UDP mode.
    var forwarder: Benchmark {
        Benchmark(
            "forwarder", heading: "UDP forwarder",
            about: """
                A flood of datagrams of so many bytes from a container to one on another host, through a program on each host that carries them \
                between a TUN link and a UDP socket: what each takes of those that arrive. C's does the same and asks nothing about what it \
                carries.
                """,
            unit: "bytes", sizes: [22, 512, 1400], smallSizes: [22],
            phases: [Phase("packet", "A packet", targets: [Target(at: 22, .atMost(1 / 0.9, timesOf: "C"))])],
            contestants: [
                Contestant("C", needs: ["/dev/net/tun"]) { flood($0, by: "C") },
                Contestant("weft", needs: ["/dev/net/tun"]) { flood($0, by: "weft") },
            ])
    }

    private func flood(_ bytes: Int, by program: String) -> String {
        // The lab's own programs make room where C's are to be measured.
        let replacement = """
            for process in $(grep -lz '^forward$' /proc/[0-9]*/cmdline | cut -d/ -f3); do kill $process; done
            sleep 0.2
            "$WEFT" lab exec bench A -- "$YARDSTICK" forward flannel0 192.168.100.100 192.168.100.101 8285 &
            "$WEFT" lab exec bench B -- "$YARDSTICK" forward flannel0 192.168.100.101 192.168.100.100 8285 &
            sleep 0.3
            """
        return """
            file='\(topologies.forwarded())'
            "$WEFT" lab up "$file" --name bench >/dev/null
            \(program == "C" ? replacement : "")
            target=$("$WEFT" lab exec bench B1 -- ip -4 -o address show dev eth0 | sed 's/.*inet \\([0-9.]*\\).*/\\1/')
            "$WEFT" lab exec bench B1 -- "$YARDSTICK" sink 1 &
            sink=$!
            "$WEFT" lab exec bench A1 -- "$YARDSTICK" flood $target 1.5 \(bytes)
            wait $sink
            "$WEFT" lab down bench >/dev/null
            """
    }
}
