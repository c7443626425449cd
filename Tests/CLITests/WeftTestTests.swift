import Foundation
import TestSupport
import Testing

/// `weft test`: what it proves, as whom, and what it leaves behind.
@Suite(.namespaces)
struct WeftTestTests {
    @Test(arguments: TopologyFile.runnableHere)
    func `every topology is proven`(_ file: TopologyFile) throws {
        let finished = try Weft.run("test", file.url.path, "--pairs", "2000")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        // A machine within a machine may be late for reasons of its own.
        #expect(ThisKernel.isFull || finished.output.contains(" 0 retries"), "\(finished.output)")
    }

    /// Skipped where some are, to tell which.
    @Test(.enabled(if: TopologyFile.leftOutHere.isEmpty, "left to User-mode Linux: \(TopologyFile.leftOutHere)"))
    func `no topology needs what this kernel lacks`() {
        #expect(
            ThisKernel.isFull
                || TopologyFile.runnableHere.count == TopologyFile.all.filter { !$0.needsContainers }.count)
    }

    @Test func `the lecture's twelve pairs are proven by three protocols`() throws {
        let finished = try Weft.run("test", TopologyFile("calico-two-hosts").url.path)
        #expect(finished.status == 0)
        #expect(finished.output.contains("12 of 12 container pairs"))
        #expect(finished.output.contains("by icmp, tcp and udp"))
    }

    @Test func `an expectation that does not hold fails, and says what was seen`() throws {
        let text = try TopologyFile("calico-two-hosts").text
        let hopeful = text.replacing(
            #"  "hosts": ["#,
            with: #"  "expect": [{ "from": "A1", "to": "B1", "reach": false, "protocols": ["udp"] }],\#n  "hosts": ["#)
        #expect(hopeful != text)
        let finished = try Weft.run("test", "-", input: hopeful)
        #expect(finished.status == 1)
        #expect(finished.output.contains("expected unreachable, observed reachable"))
    }

    @Test func `results are written as JSON`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try Weft.run("test", TopologyFile("calico-two-hosts").url.path, "--json", file.path).status == 0)
        let reports = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]])
        #expect(reports.count == 1)
        #expect(reports[0]["topology"] as? String == "calico-two-hosts")
        #expect(reports[0]["passed"] as? Int == 60 + 12 + 12 + 4 + 4)
        #expect(reports[0]["failed"] as? Int == 0)
        #expect((reports[0]["checks"] as? [Any])?.count == 92)
    }

    @Test(arguments: [["test"], ["lab", "up"]])
    func `a user who may have no namespaces is told how to get them`(_ command: [String]) throws {
        let script = """
            echo 0 > /proc/sys/user/max_user_namespaces
            exec setpriv --bounding-set=-all --inh-caps=-all -- "$@"
            """
        let finished = try run(
            ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", Weft.path] + command
                + [TopologyFile("calico-two-hosts").url.path])
        #expect(finished.status == 10)
        #expect(finished.errors.contains("run as root, or allow user namespaces"))
        #expect(finished.errors.split(separator: "\n").count == 1)
    }

    /// The moments are spread over the length of a run. Afterwards there may be just as many network namespaces as one
    /// run needs, so whatever an earlier one left behind would make the last one fail.
    @Test(arguments: [1, 2])
    func `killed at any moment, it leaves no namespace, link or process behind`(_ jobs: Int) throws {
        let script = """
            weft=$1; file=$2; jobs=$3
            set -- test "$file"
            [ "$jobs" = 1 ] || set -- "$@" "$file" --jobs "$jobs"
            mount -t tmpfs tmpfs /run
            state() { ip -br link; grep -vc ' /run/weft-' /proc/self/mountinfo; find /run; }
            before=$(state)
            length=10000000000
            for attempt in 1 2 3; do
                start=$(date +%s%N); "$weft" "$@" >/dev/null || exit 1; end=$(date +%s%N)
                [ $((end - start)) -lt $length ] && length=$((end - start))
            done
            killed=0
            for part in $(seq 1 40); do
                moment=$((length * part / 40))
                "$weft" "$@" >/dev/null 2>&1 &
                sleep "$((moment / 1000000000)).$(printf %09d $((moment % 1000000000)))"
                kill -9 $! 2>/dev/null
                wait $!
                [ $? = 137 ] && killed=$((killed + 1))
                [ "$(state)" = "$before" ] || { echo "left something: $(state)"; exit 1; }
                # This shell, what it starts to look, and the namespace's first process: no other is left.
                [ "$(ls /proc | grep -c '^[0-9]')" -le 4 ] || { echo "left a process"; exit 1; }
            done
            echo "killed $killed of 40"
            # Of each lab two hosts, four containers, a switch; and this one.
            echo $((7 * jobs + 1)) > /proc/sys/user/max_net_namespaces
            # The kernel takes namespaces apart one by one, and all other tests' too, but it does. An attempt that
            # comes too early adds to them, so there are pauses.
            for attempt in $(seq 1 60); do
                "$weft" "$@" && exit 0
                sleep 2
            done
            exit 1
            """
        let finished = try run(
            [
                "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc",
                "sh", "-c", script, "sh", Weft.path, TopologyFile("calico-two-hosts").url.path, "\(jobs)",
            ])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("12 of 12 container pairs"))
        // A kill that comes after the end proves nothing.
        let killed = finished.output.firstMatch(of: /killed (\d+) of 40/).flatMap { Int($0.1) }
        #expect(try #require(killed) >= 20, "\(finished.output)")
    }
}
