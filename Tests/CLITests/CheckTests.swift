import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `weft check` prints.
struct CheckTests {
    private static let odd = Repository.tests.appending(path: "CompilerTests/Fixtures/warned/unused-segment.json").path

    @Test func `what is odd and no mistake is told, and the topology is valid all the same`() throws {
        let finished = try Weft.run("check", Self.odd)
        #expect(finished.status == 0)
        #expect(finished.errors.contains("warning: ") && finished.errors.contains("[unused-segment]"))
        #expect(finished.output.hasSuffix(": valid\n"))
    }

    @Test func `programs are told of it too`() throws {
        let finished = try Weft.run("check", Self.odd, "--format", "json")
        #expect(finished.status == 0)
        let found = try #require(try JSON(parsing: finished.output).array)
        #expect(found.map { $0["severity"] } == ["warning"])
        #expect(finished.errors == "")
    }

    /// It wants containers apart that calico joins.
    private static let wishful = Repository.tests.appending(path: "CompilerTests/Fixtures/valid/two-hosts.json").path

    @Test func `an expectation that the plan does not meet is an error, with one pair and the count of them`() throws {
        let finished = try Weft.run("check", Self.wishful)
        #expect(finished.status == 4)
        let line = "two-hosts.json:22:14: error: A1 gets an answer from B1 at 172.17.0.2, and should not, "
        #expect(finished.errors.contains(line + "and 1 other pair alike [unwanted]\n"))
        #expect(finished.errors.contains("note: it goes by A1 A B B1, and back by B1 B A A1 (line 16, /hosts/0/"))
        #expect(finished.output.hasSuffix(": fails\n"))
    }

    @Test func `programs get the pair, the cause and the count`() throws {
        let finished = try Weft.run("check", Self.wishful, "--format", "json")
        #expect(finished.status == 4)
        let found = try #require(try JSON(parsing: finished.output).array?.first)
        #expect(found["code"] == "unwanted" && found["severity"] == "error")
        #expect(found["from"] == "A1" && found["to"] == "B1" && found["pairs"] == 2)
        #expect(found["pointer"] == "/expect/0" && found["line"] == 22)
        #expect(finished.errors == "")
    }

    private static let bottleneck = Repository.tests.appending(
        path: "CompilerTests/Fixtures/predicted/single-point-of-failure.json"
    ).path

    @Test func `what a single failure would take with it is a warning, and told when asked for`() throws {
        let finished = try Weft.run("check", Self.bottleneck, "--failures")
        #expect(finished.status == 0)
        #expect(
            finished.errors.contains(
                ":7:5: warning: should R fail, A1 would get no answer from C1 at 172.17.2.2, and 5 other pairs alike"))
        #expect(finished.output.hasSuffix(": valid\n"))
        let silent = try Weft.run("check", Self.bottleneck)
        #expect(silent.status == 0 && silent.errors == "")
    }

    @Test func `programs are told of failures, with the place, a pair and the count`() throws {
        let finished = try Weft.run("check", Self.bottleneck, "--failures", "--format", "json")
        let found = try #require(try JSON(parsing: finished.output).array)
        #expect(
            found.map { $0["code"] } == [
                "single-point-of-failure", "single-point-of-failure", "single-point-of-failure",
            ])
        let router = try #require(found.last)
        #expect(router["pointer"] == "/routers/0" && router["from"] == "A1" && router["to"] == "C1")
        #expect(router["pairs"] == 6 && router["severity"] == "warning")
    }
}
