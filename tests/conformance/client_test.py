"""A client that does not have the server's model must say so."""

import unittest

import federation
import golden_test
import model
import seedfed_client
import train
import words


def client_and_result():
    """A client at round 0 and the round 1 that a right server would send."""
    client = seedfed_client.Client.__new__(seedfed_client.Client)
    client.report = {}
    spec = golden_test.SPECS["single"]
    client.state = model.Model.initial(spec, golden_test.KEY)
    server = model.Model.initial(spec, golden_test.KEY)
    data = server.encode(golden_test.mean_of_round(spec, 1), 1, "dither-down", 0)
    server.apply(data)
    return client, federation.messages.RoundResult(round=1,
                                                   words=data,
                                                   fingerprint=server.fingerprint,
                                                   base_checksum=server.base_checksum())


class MergeTest(unittest.TestCase):
    def test_a_right_result_is_merged(self):
        client, result = client_and_result()
        client.merge(result)
        self.assertEqual(client.state.round, 1)

    def test_another_fingerprint_is_a_mismatch(self):
        client, result = client_and_result()
        result.fingerprint = bytes(32)
        with self.assertRaisesRegex(seedfed_client.Mismatch, "the fingerprint after round 1 is"):
            client.merge(result)

    def test_another_base_checksum_is_a_mismatch(self):
        client, result = client_and_result()
        client.state.base[0][0, 0] += 1
        with self.assertRaisesRegex(seedfed_client.Mismatch, "the base checksum after round 1 is"):
            client.merge(result)

    def test_a_round_out_of_order_is_a_mismatch(self):
        client, result = client_and_result()
        result.round = 2
        with self.assertRaisesRegex(seedfed_client.Mismatch,
                                    "the server sent round 2 after round 0"):
            client.merge(result)

    def test_words_that_are_not_valid_are_refused(self):
        for damage in (lambda d: d[:-1], lambda d: b"\xff" * 8 + d[8:],
                       lambda d: d[:12] + b"\0\0\x80\x3f" + d[16:]):
            client, result = client_and_result()
            result.words = damage(result.words)
            with self.assertRaises(words.InvalidWords):
                client.merge(result)


class ShardTest(unittest.TestCase):
    def test_a_skewed_split_is_refused(self):
        part = federation.messages.JoinResponse(shard={"index": 0, "count": 2, "alpha": 0.5}).shard
        with self.assertRaisesRegex(ValueError, "alpha = 0.5"):
            train.shard([], [], part, golden_test.KEY)


if __name__ == "__main__":
    unittest.main()
