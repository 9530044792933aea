"""The strongest baseline of oom-kills/SOURCE.md beside jobmedic, on the folds of `jobmedic forecast evaluate --scores`:
gradient boosting (scikit-learn's) over 33 features and a learned limit, its threshold set on a fold of its own, and the same
with all other folds to learn from. One table: the measures, and a paired bootstrap over sessions.

    jobmedic forecast evaluate --traces T --devices D --scores scores.csv
    python tests/bench/forecast_boosting.py T D scores.csv          (needs numpy, pandas, scikit-learn)
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

BUDGET = 0.02


def features(t):
    """Of a session's past at each reading, in KiB and device seconds; amounts of memory are named in AMOUNTS."""
    own = t.pss_anon_kb.fillna(t.rss_kb - t.rss_shared_kb)
    ws = (t.cg_usage_kb - t.cg_cache_kb.fillna(0)).fillna(t.cg_anon_kb).fillna(own)
    t = t.assign(ws=ws, outside=ws - own, level_begins=t.nav_level.ffill().ne(t.nav_level.ffill().shift()).cumsum())
    g = t.groupby("session_id", sort=False)
    x = {name: t[name] for name in ("ws", "outside", "cg_usage_kb", "cg_cache_kb", "cg_anon_kb", "rss_kb", "pss_anon_kb",
                                    "rss_shared_kb", "vsz_kb", "t_s", "nav_level", "threads", "cg_failcnt")}
    x["level_time"] = t.t_s - t.groupby(["session_id", "level_begins"], sort=False).t_s.transform("first")
    dt = g.t_s.diff().clip(lower=1)
    for name in ("minflt", "majflt", "cpu_ticks", "cg_pgmajfault", "psi_some_us", "cg_failcnt"):
        x["rate_" + name] = g[name].diff() / dt
    x["mean_3"] = ws.groupby(t.session_id, sort=False).rolling(3, 1).mean().droplevel(0)
    x["above_mean"] = ws - ws.groupby(t.session_id, sort=False).ewm(span=8).mean().droplevel(0)
    for n in (1, 4, 8, 20):
        x[f"slope_{n}"] = (ws - g.ws.shift(n)) / (t.t_s - g.t_s.shift(n)) * 60
    x["highest"], x["lowest"] = g.ws.cummax(), g.ws.cummin()
    x["outside_change"], x["cache_change"] = t.outside - g.outside.shift(8), t.cg_cache_kb - g.cg_cache_kb.shift(8)
    return pd.DataFrame(x)


AMOUNTS = ["ws", "outside", "cg_usage_kb", "cg_cache_kb", "cg_anon_kb", "rss_kb", "pss_anon_kb", "rss_shared_kb", "vsz_kb",
           "mean_3", "above_mean", "slope_1", "slope_4", "slope_8", "slope_20", "highest", "lowest", "outside_change",
           "cache_change"]


def with_limit(x, t, training):
    """Amounts as shares of the learned limit: by device type, a high quantile of the working set over the budget in training
    sessions; with the room that is left, the time until growth uses it up, and the share of the budget: 33 features."""
    share = x.ws / t.budget_kb
    by_type = share[training].groupby(t.device_type[training]).quantile(0.995)
    learned = t.device_type.map(by_type).fillna(share[training].quantile(0.995)) * t.budget_kb
    room = (learned - x.ws).clip(lower=0)
    out = x.assign(room=room / learned, budget_share=share, **{name: x[name] / learned for name in AMOUNTS},
                   minutes_left=(room / x.slope_8.clip(lower=1)).clip(upper=60))
    assert out.shape[1] == 33, out.shape
    return out


class Judge:
    def __init__(self, t, level):
        self.order = {}
        self.session, self.ids = pd.factorize(t.session_id)
        left = (t.kill_t_s - t.t_s).to_numpy()
        self.urgent = level > 0
        self.in_time = self.urgent & (left >= 60)
        self.killed = self.any(t.killed.to_numpy() == 1)

    def any(self, rows):
        return np.bincount(self.session, rows, len(self.ids)) > 0

    def average_precision(self, score, times):
        if id(score) not in self.order:  # sorted once, not for each resample
            self.order[id(score)] = np.argsort(-score, kind="stable")
        order = self.order[id(score)]
        seen = times[self.session[order]].astype(float)
        hits = seen * self.urgent[order]
        found = np.cumsum(hits)
        last = np.append(np.diff(score[order]) != 0, True)  # readings of equal score count together
        precision = found[last] / np.maximum(np.cumsum(seen)[last], 1)
        return (np.diff(found[last], prepend=0) * precision).sum() / found[-1]

    def by_session(self, alert):
        return self.any(alert & self.urgent), self.any(alert & self.in_time), self.any(alert)

    def measures(self, score, alert, times=None):
        times = np.ones(len(self.ids)) if times is None else times
        caught, in_time, alerted = self.by_session(alert)
        kills, alive = times * self.killed, times * ~self.killed
        return {"kills": (kills * caught).sum() / kills.sum(), "60 s ahead": (kills * in_time).sum() / kills.sum(),
                "PR-AUC": self.average_precision(score, times),
                "survivors": -(alive * alerted).sum() / alive.sum()}


def fitted(inputs, level, rows):
    return HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=40,
                                          l2_regularization=1, random_state=0).fit(inputs[rows], level[rows] > 0)


def published(x, t, level, fold):
    """Per fold: one fold sets the threshold, the other three train."""
    score, alert = np.zeros(len(t)), np.zeros(len(t), bool)
    folds = fold.max() + 1
    for test in range(folds):
        mine, calibration = fold == test, fold == (test + 1) % folds
        training = ~mine & ~calibration
        inputs = with_limit(x, t, training)
        model = fitted(inputs, level, training)
        score[mine] = model.decision_function(inputs[mine])
        alert[mine] = score[mine] > np.quantile(model.decision_function(inputs[calibration]), 1 - BUDGET)
    return score, alert


def committee(x, t, level, fold):
    """Per fold as jobmedic does: a model for each of the other folds, trained without it and judging it; all held-out scores
    set the threshold, the mean of the models' scores is the answer. No session is kept from training."""
    score, alert = np.zeros(len(t)), np.zeros(len(t), bool)
    folds = fold.max() + 1
    for test in range(folds):
        mine, held_out = fold == test, []
        inputs = with_limit(x, t, ~mine)
        for part in set(range(folds)) - {test}:
            model = fitted(inputs, level, ~mine & (fold != part))
            held_out.append(model.decision_function(inputs[fold == part]))
            score[mine] += model.decision_function(inputs[mine]) / (folds - 1)
        alert[mine] = score[mine] > np.quantile(np.concatenate(held_out), 1 - BUDGET)
    return score, alert


def main(traces, devices, scores, draws=1000):
    t = pd.read_csv(traces, dtype={"sdk_version": str})
    d = pd.read_csv(devices, dtype={"sdk_version": str})
    t = t.merge(d[["device_type", "sdk_version", "app_budget_mb"]], how="left")
    t["budget_kb"] = t.app_budget_mb * 1024
    t["reading"] = t.groupby("session_id").cumcount()
    said = pd.read_csv(scores)
    methods = {}
    for name in said.method.unique():
        one = t[["session_id", "reading"]].merge(said[said.method == name], how="left", validate="one_to_one")
        assert one.score.notna().all(), "evaluate all folds"
        methods["jobmedic" if name == "model" else name] = one.score.to_numpy(), one.alert.to_numpy() == 1
    level, fold = one.level.to_numpy(), one.fold.to_numpy().astype(int)
    assert (level == t.label_level).mean() > 0.999, "labels differ"
    judge, x = Judge(t, level), features(t)
    methods["boosting, as published"] = published(x, t, level, fold)
    methods["boosting, committee"] = committee(x, t, level, fold)
    measured = {name: judge.measures(*method) for name, method in methods.items()}
    wins = {name: dict.fromkeys(measures, 0.0) for name, measures in measured.items()}
    random = np.random.RandomState(0)
    for _ in range(int(draws)):
        times = np.bincount(random.randint(0, len(judge.ids), len(judge.ids)), minlength=len(judge.ids))
        drawn = {name: judge.measures(*method, times) for name, method in methods.items()}
        for name, they in drawn.items():
            for what, value in they.items():
                we = drawn["jobmedic"][what]
                wins[name][what] += ((we > value) + 0.5 * (we == value)) / int(draws)
    print(f"{'in brackets: jobmedic is better in so many resamples':56}" + "".join(f"{what:>16}" for what in measured["jobmedic"]))
    for name, measures in measured.items():
        print(f"{name:56}" + "".join(f"{abs(value):9.3f} ({wins[name][what]:4.0%})" if name != "jobmedic" else f"{abs(value):9.3f}       "
                                     for what, value in measures.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
