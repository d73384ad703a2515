/* Facts are tri-state: "did not say" never passes as "no". */
#ifndef ROSAUDIT_TRI_H
#define ROSAUDIT_TRI_H

enum tri { TRI_UNKNOWN = 0, TRI_NO, TRI_YES };

static inline enum tri tri_of(int yes)
{
	return yes ? TRI_YES : TRI_NO;
}

#endif
