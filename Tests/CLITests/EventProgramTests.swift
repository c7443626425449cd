import Foundation
import TestSupport
import Testing

/// What the events of `weft test` start ends with it.
@Suite(.namespaces)
struct EventProgramTests {
    /// Sends `$3` once both programs of the event run; without one, waits for the end. Then nobody but this shell and what it starts to
    /// look may be there, and nothing in the places where labs are.
    private static let script = """
        weft=$1; file=$2; signal=$3
        mount -t tmpfs tmpfs /run
        state() { ip -br link; grep -vc ' /run/weft-' /proc/self/mountinfo; find /run; }
        before=$(state)
        env --default-signal "$weft" test "$file" &
        if [ -n "$signal" ]; then
            for attempt in $(seq 1 300); do
                running=$(ps -e -o args= | grep -c '^sleep 300')
                [ "$running" = 2 ] && break; sleep 0.1
            done
            echo "$running"
            kill -$signal $!
        fi
        wait $!; status=$?
        for attempt in $(seq 1 600); do
            [ "$(ls /proc | grep -c '^[0-9]')" -le 4 ] && break; sleep 0.1
        done
        [ "$(ls /proc | grep -c '^[0-9]')" -le 4 ] || { echo "left a process:"; ps -e -o args=; }
        [ "$(state)" = "$before" ] || echo "left something: $(state)"
        exit $status
        """

    private func run(_ commands: String..., signal: String) throws -> Finished {
        let file = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let events = commands.map { #"{ "run": ["sh", "-c", "\#($0)"], "in": "A1" }"# }.joined(separator: ", ")
        let text = try TopologyFile("calico-two-hosts").text
            .replacing(#""hosts": ["#, with: #""events": [\#(events)], "hosts": ["#)
        try Data(text.utf8).write(to: file)
        return try TestSupport.run([
            "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc",
            "sh", "-c", Self.script, "sh", Weft.path, file.path, signal,
        ])
    }

    @Test(arguments: [("INT", 130), ("TERM", 143), ("KILL", 137)])
    func `a program that runs when weft test is ended ends with it, and nothing stays behind`(
        _ signal: String, _ status: Int32
    ) throws {
        let finished = try run("setsid sleep 300 & sleep 300", signal: signal)
        #expect(finished.status == status, "\(finished.output)\(finished.errors)")
        #expect(finished.lines == ["2"], "both ran, and nothing is left:\n\(finished.output)\(finished.errors)")
    }

    @Test func `what a program has left running lasts until the test is through, and no longer`() throws {
        // The second event finds what the first has left.
        let finished = try run("setsid sleep 300 </dev/null >/dev/null 2>&1 &", "kill -0 $(pgrep -x sleep)", signal: "")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("2 of 2 events as expected"), "\(finished.output)")
        #expect(!finished.output.contains("left "), "\(finished.output)")
    }
}
