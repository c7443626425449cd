import Foundation
import Measuring

/// Where scripts run: each in namespaces of its own for the network, mounts and processes, which end with it.
struct Surroundings {
    let weft: String
    let yardstick: String
    /// For what scripts read, made once.
    let folder: URL
    /// How long a script may take, in seconds.
    let limit: Int
    /// How long to wait before a script until nothing disturbs it, in seconds.
    let patience: Int

    /// What every script begins with.
    private static let prelude = """
        set -euo pipefail
        mount -t tmpfs tmpfs /run
        mkdir /run/netns
        ip link set lo up
        # Runs a program without what it prints, and tells what it took: timed PHASE PROGRAM ...; as PHASE/THINGS, each of
        # so many things that it does; as PHASE:RUNS, each of so many runs.
        timed() { "$YARDSTICK" time "$@"; }
        # What a host has before anybody comes.
        uplink() {
            ip link add eth0 type veth peer name far
            # Without an address that IPv6 tries out for two seconds, in which others' figures are taken already.
            ip link set dev eth0 addrgenmode none
            ip link set dev far addrgenmode none
            ip link set far up
            ip link set eth0 up
            ip address add 192.168.0.1/16 dev eth0
            timeout 10 sh -c 'until [ "$(ip -o link show type veth up | grep -c "state UP")" = 2 ]; do :; done'
        }
        "$YARDSTICK" settle "$PATIENCE"

        """

    func run(_ script: String) -> Result<[Sample], Rounds.Failure> {
        let file = folder.appending(path: "script.sh")
        do {
            try Data((Self.prelude + script).utf8).write(to: file)
            let words =
                ["timeout", "--kill-after=10", "\(limit)", "unshare"]
                + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])
                + ["--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "bash", file.path]
            let finished = try Program(words: words).run(environment: [
                "WEFT": weft, "YARDSTICK": yardstick, "PATIENCE": "\(patience)", "LC_ALL": "C",
            ])
            return outcome(of: finished)
        } catch {
            return .failure(Rounds.Failure("\(error)"))
        }
    }

    private func outcome(of finished: Program.Finished) -> Result<[Sample], Rounds.Failure> {
        if finished.status == 124 || finished.status == 137 {
            return .failure(Rounds.Failure("it took more than \(limit) s"))
        }
        guard finished.status == 0 else {
            let last = finished.errors.split(separator: "\n").suffix(3).joined(separator: "; ")
            return .failure(Rounds.Failure("it failed with \(finished.status): \(last)"))
        }
        return .success(finished.output.split(separator: "\n").compactMap { Sample(line: $0) })
    }

    /// A program in the search path, a file that may be written to, or a module of a Python: `python3:pyroute2`.
    func isThere(_ need: String) -> Bool {
        let words = need.split(separator: ":").map(String.init)
        let probe =
            words.count == 2
            ? Program(words[0], "-c", "import \(words[1])")
            : Program("sh", "-c", "command -v '\(need)' || test -w '\(need)'")
        return (try? probe.run())?.status == 0
    }
}
